#pragma once

#include "net/asio.hpp"
#include "net/name_files.hpp"
#include "net/time_source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace corunner::net {

// Asks the name servers of `conf` over UDP for the addresses of `host`, IPv6 after IPv4.
//
// A static program cannot use getaddrinfo: glibc would load shared libraries for it, which an empty
// container has not. Each server gets conf.timeout, all of them conf.attempts times.
// Errors: host_not_found, host_not_found_try_again (no server answered).
awaitable<result<std::vector<asio::ip::address>>> ask_name_servers(time_source& time,
                                                                   resolv_conf conf,
                                                                   std::string host,
                                                                   std::uint16_t server_port = 53);

}  // namespace corunner::net
