#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::net {

enum class dns_type : std::uint16_t { a = 1, aaaa = 28 };

// A recursive query of RFC 1035 for one name. asio::error::host_not_found when `name` cannot be
// one.
boost::system::result<std::string> dns_query(std::uint16_t id, std::string_view name,
                                             dns_type type);

// The addresses in a reply to that query, CNAMEs followed by the server. No addresses and no error:
// the name exists without this type. Errors: host_not_found (no such name),
// host_not_found_try_again (the server failed), invalid_argument (not a reply to `id`: ignore it
// and keep waiting).
boost::system::result<std::vector<boost::asio::ip::address>> dns_addresses(std::string_view reply,
                                                                           std::uint16_t id,
                                                                           dns_type type);

}  // namespace corunner::net
