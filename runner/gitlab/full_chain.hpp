#pragma once

#include "net/http_client.hpp"

#include <string>

namespace corunner::gitlab {

// A certificate chain as far as it could be completed.
struct full_chain {
  std::string chain;  // empty: it cannot be used
  std::string trouble;  // in words, for the log; empty: it ends with a root that this system trusts
};

// `chain`, the verified one of a connection, made whole up to a self-signed root: issuers are
// fetched from where the certificates say, at most 14, and the system's roots are asked for the
// rest. For git and other programs whose TLS library accepts no chain that ends below its root
// (FF_RESOLVE_FULL_TLS_CHAIN). Wire: protocol.md 1.6.
awaitable<full_chain> complete_chain(net::http_client& http, std::string chain);

}  // namespace corunner::gitlab
