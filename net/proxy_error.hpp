#pragma once

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <string>

namespace corunner::net {

// Why a proxy did not open a tunnel, by its own answer: an HTTP status or, below 100, a reply code
// of SOCKS5 (RFC 1928 section 6).
boost::system::error_code proxy_error(int answer);

// Replies that are none of RFC 1928's: the sub-negotiation of RFC 1929 failed, and no method in
// common.
inline constexpr int socks_credentials_refused = 9;
inline constexpr int socks_no_method = 10;

// Makes `explanation`, when there is one, say that it was the proxy that failed with `why` (or with
// what it says already), not the target.
void explain_proxy_failure(std::string* explanation, std::string const& host, std::uint16_t port,
                           boost::system::error_code const& why);

}  // namespace corunner::net
