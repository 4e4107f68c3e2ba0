#pragma once

#include "net/asio.hpp"
#include "net/time_source.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <vector>

namespace corunner::net {

// The addresses of `host`, best first; never empty without an error.
//
// Numeric hosts, localhost and names of /etc/hosts are answered at once. Others go to getaddrinfo
// in Asio's resolver thread, or, in a static program, to the name servers directly. Cancelling
// returns at once; the thread finishes by itself.
awaitable<result<std::vector<asio::ip::address>>> resolve_host(time_source& time, std::string host);

}  // namespace corunner::net
