#pragma once

#include "net/asio.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace corunner::net {

// An absolute http or https URL (or a proxy's), taken apart. `host` is without brackets, lower
// case; `port` is always set (the scheme's own when the text has none); `path` begins with '/';
// `query` is without '?'. `user` and `password` are percent-decoded; to_string leaves them out
// unless asked.
struct url {
  std::string scheme;
  std::string user;
  std::string password;
  std::string host;
  std::uint16_t port = 0;
  std::string path = "/";
  std::string query;

  bool secure() const { return scheme == "https"; }
  // "path?query", what goes into the request line.
  std::string target() const;
  // "host:port" with the port left out when it is the scheme's own; IPv6 hosts in brackets.
  std::string authority() const;
  // "scheme://authority", what two URLs of one origin share.
  std::string origin() const;
  std::string to_string(bool with_credentials = false) const;

  bool operator==(url const&) const = default;
};

// Takes `text` apart. Errors (net::errc): bad_url, unsupported_scheme.
result<url> parse_url(std::string_view text);
// The same for a proxy: also socks5 and socks5h (port 1080), and http when no scheme is given.
result<url> parse_proxy_url(std::string_view text);

// `reference` (absolute, or a path) as seen from `base` (RFC 3986 section 5), for Location headers.
result<url> resolve_url(url const& base, std::string_view reference);

// Percent-encodes everything outside the unreserved set, for one query key or value or path
// segment.
std::string percent_encode(std::string_view text);
// The reverse, for path segments; bad escapes stay as they are.
std::string percent_decode(std::string_view text);

}  // namespace corunner::net
