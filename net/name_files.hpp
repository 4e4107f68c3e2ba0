#pragma once

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::net {

// The addresses that a hosts file's text gives for `name` (compared without case).
std::vector<boost::asio::ip::address> hosts_addresses(std::string_view text, std::string_view name);

// What needs no name server: numeric hosts, localhost (loopback by RFC 6761), names of /etc/hosts.
std::vector<boost::asio::ip::address> local_addresses(std::string const& host);

// What resolv.conf(5) says, with its defaults.
struct resolv_conf {
  std::vector<boost::asio::ip::address> servers;
  std::vector<std::string> search;
  unsigned ndots = 1;
  unsigned attempts = 2;
  std::chrono::seconds timeout{5};
};
resolv_conf parse_resolv_conf(std::string_view text);

// The names to ask for, in order: with the search list when `name` has fewer dots than ndots says,
// before or after itself. A trailing dot makes a name absolute.
std::vector<std::string> names_to_ask(resolv_conf const& conf, std::string_view name);

// The whole of a small file; empty when there is none.
std::string small_file(char const* path);

}  // namespace corunner::net
