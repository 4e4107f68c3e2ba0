#pragma once

#include "net/url.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace corunner::net {

// Which requests go through a proxy, as the environment of a process says (protocol.md 1.7).
//
// Proxies are http or https ones (plain targets are asked for by their absolute URL, https targets
// through a CONNECT tunnel) or socks5, socks5h (a tunnel for all targets; the proxy resolves
// names). localhost and loopback addresses are never proxied.
struct proxy_settings {
  std::string http;      // HTTP_PROXY or http_proxy: for http targets; empty: none
  std::string https;     // HTTPS_PROXY or https_proxy: for https targets
  std::string no_proxy;  // NO_PROXY or no_proxy: what to reach directly

  // The proxy for `target`, or none. Errors: bad_url, unsupported_scheme.
  result<std::optional<url>> proxy_for(url const& target) const;
};

// The settings in `variables`, which gives the value of a name; upper case names go first.
proxy_settings read_proxy_environment(
    std::function<std::optional<std::string>(std::string_view)> const& variables);

}  // namespace corunner::net
