#pragma once

#include "net/dialer.hpp"
#include "net/time_source.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// Where a service is expected, and how much of it.
struct health_check_target {
  std::string host;
  std::vector<std::string> ports;
  bool all = true;  // every port must answer; false: one is enough
};

// What the variables that a container gets of its linked services say: a name ending in _TCP_ADDR
// gives the host (the last one wins), one in _TCP_PORT a port; an entry whose value holds a `=` is
// not seen. `entries` are "NAME=value".
health_check_target linked_services(std::span<std::string const> entries);

// Connects to the ports until they answer, a second after each failure, for as long as it takes;
// what is done is told line by line. A word that is no port never answers, as with the reference.
// helper.md 11
awaitable<void> wait_for_health(net::dialer& connections, net::time_source& time,
                                health_check_target where,
                                std::function<void(std::string_view line)> tell);

}  // namespace corunner
