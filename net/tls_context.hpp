#pragma once

#include "net/dialer.hpp"

#include <openssl/ssl.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace corunner::net {

// OpenSSL's objects, freed by their own functions.
struct ssl_context_deleter {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using ssl_context = std::shared_ptr<SSL_CTX>;

// A client context for `options`. A file that cannot be used is reported to `warn` and left out, as
// GitLab Runner does (protocol.md 1.5); a missing one is left out silently.
result<ssl_context> make_client_context(tls_options const& options,
                                        std::function<void(std::string const&)> const& warn);

// One context per tls_options, made anew when one of its files has changed.
class tls_context_cache {
 public:
  std::function<void(std::string const&)> warn;

  result<ssl_context> get(tls_options const& options);

 private:
  struct entry {
    ssl_context context;
    tls_stamps stamps;
  };
  std::map<tls_options, entry> entries_;
};

}  // namespace corunner::net
