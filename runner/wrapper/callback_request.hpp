#pragma once

#include "net/http_client.hpp"
#include "runner/wrapper/messages.hpp"

namespace corunner {

// The request that tells a supervisor of the end of its process: its method (GET when it gave
// none), its headers, no body, at most 10 s for all of it, at most nine redirects. Errors:
// net::errc of the URL.
result<net::http_request> callback_request(shutdown_callback const& whom);

}  // namespace corunner
