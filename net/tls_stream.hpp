#pragma once

#include "net/stream.hpp"
#include "net/tls_context.hpp"

#include <memory>
#include <string>

namespace corunner::net {

// TLS over another stream, by OpenSSL working on memory.
//
// Errors of the handshake: errc::certificate_unknown, certificate_expired, certificate_host,
// certificate_bad, or OpenSSL's own reason in the category "tls". A peer that ends without saying
// so is connection_reset, so that nobody takes a cut body for a whole one.

// Shakes hands as a client; the peer's certificate must be valid for `host`, a name or an address.
// A certificate that is not goes into `explanation`, too, with its details.
awaitable<result<std::unique_ptr<stream>>> tls_connect(std::unique_ptr<stream> lower,
                                                       ssl_context context, std::string host,
                                                       std::string* explanation = nullptr);
// Shakes hands as a server.
awaitable<result<std::unique_ptr<stream>>> tls_accept(std::unique_ptr<stream> lower,
                                                      ssl_context context);

}  // namespace corunner::net
