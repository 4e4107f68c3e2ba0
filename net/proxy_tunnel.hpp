#pragma once

#include "net/dialer.hpp"
#include "net/stream.hpp"

namespace corunner::net {

// Asks the proxy at the other end of `wire` to CONNECT to `target`. Afterwards the stream's bytes are
// the target's. Errors: errc::proxy_refused, and those of reading a response.
awaitable<error_code> open_tunnel(stream& wire, dial_target const& target);

}  // namespace corunner::net
