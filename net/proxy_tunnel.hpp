#pragma once

#include "net/dialer.hpp"
#include "net/stream.hpp"

namespace corunner::net {

// Asks the proxy at the other end of `wire` to go on to `target`, as target.tunnel says. Afterwards
// the stream's bytes are the target's; nothing of them is taken. No deadline here: the dialer has
// one. Errors: proxy_error(), errc::bad_field (a name or password that SOCKS cannot carry), and
// those of the stream and of reading a response.
awaitable<error_code> open_tunnel(stream& wire, dial_target const& target);

// The SOCKS5 part of it: RFC 1928, and RFC 1929 for user and password. The proxy resolves names.
awaitable<error_code> open_socks5_tunnel(stream& wire, dial_target const& target);

}  // namespace corunner::net
