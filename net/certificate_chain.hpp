#pragma once

#include "net/asio.hpp"

#include <openssl/types.h>

#include <optional>
#include <string>
#include <string_view>

namespace corunner::net {

// Chains of certificates as text: PEM blocks one after another, the peer's own first, without white
// space at the end.

std::string pem_of(X509* one);

// Where the last certificate of `chain` says that its issuer's can be fetched (authority
// information access, the first URL with http or https). Nothing when it is self-signed or does not
// say.
std::optional<std::string> issuer_url(std::string const& chain);

// The first certificate in `bytes`, which may be DER or PEM, of a certificate or of a PKCS #7
// bundle, as PEM; nothing when there is none.
std::optional<std::string> certificate_in(std::string const& bytes);

struct rooted_chain {
  std::string chain;
  bool known = false;  // it ends with a root that this system trusts
};

// `chain` with what the system's roots add behind its last certificate. errc: that one cannot be
// used (expired, broken signature, ...); an unknown root is no error.
result<rooted_chain> add_system_root(std::string chain);

}  // namespace corunner::net
