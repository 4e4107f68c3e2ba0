#include "net/tls_error.hpp"

#include "net/error.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <string>

namespace corunner::net {
namespace {

class category final : public boost::system::error_category {
 public:
  char const* name() const noexcept override { return "tls"; }
  std::string message(int code) const override {
    auto const* const reason = ERR_reason_error_string(static_cast<unsigned long>(code));
    return std::string("tls: ") + (reason ? reason : "unknown error");
  }
};

}  // namespace

boost::system::error_code openssl_error() {
  static category const instance;
  auto const code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return errc::tls_failed;
  return {static_cast<int>(code), instance};
}

boost::system::error_code handshake_error(long verification) {
  switch (verification) {
    case X509_V_OK: return openssl_error();
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID: return errc::certificate_expired;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return errc::certificate_host;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED: return errc::certificate_unknown;
    default: return openssl_error();
  }
}

}  // namespace corunner::net
