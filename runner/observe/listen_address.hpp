#pragma once

#include "config/failure.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace corunner {

// "host:port" of a server of ours. An empty host is every address of this machine.
struct listen_address {
  std::string host;
  std::uint16_t port = 0;

  bool operator==(listen_address const&) const = default;
};

// Reads listen_address: without a port (also "host:") it is 9252; IPv6 addresses stand in brackets
// (observability.md 1.1). Ports are numbers.
config::outcome<listen_address> parse_listen_address(std::string_view text);

}  // namespace corunner
