#include "net/error.hpp"

#include <string>

namespace corunner::net {
namespace {

// Scripts and people search for the x509 texts (protocol.md 1.5): they are what GitLab Runner
// prints.
char const* text(errc code) {
  switch (code) {
    case errc::bad_url: return "not an absolute URL";
    case errc::unsupported_scheme: return "unsupported scheme, expected http or https";
    case errc::bad_message: return "the peer sent something that is not HTTP/1.1";
    case errc::bad_field: return "a header field that cannot be sent";
    case errc::header_too_large: return "header section too large";
    case errc::body_too_large: return "body too large";
    case errc::incomplete_body: return "the connection ended inside a body";
    case errc::too_many_redirects: return "stopped after 10 redirects";
    case errc::certificate_unknown: return "x509: certificate signed by unknown authority";
    case errc::certificate_expired: return "x509: certificate has expired or is not yet valid";
    case errc::certificate_host: return "x509: certificate is not valid for this host name";
    case errc::certificate_bad: return "x509: certificate is not acceptable";
    case errc::tls_failed: return "tls: handshake or connection failed";
    case errc::response_timeout: return "timeout awaiting response headers";
    case errc::wrong_length: return "a body of another length than announced";
    case errc::shut_down: return "shutting down";
  }
  return "unknown network error";
}

class category final : public boost::system::error_category {
 public:
  char const* name() const noexcept override { return "net"; }
  std::string message(int code) const override { return text(static_cast<errc>(code)); }
};

}  // namespace

boost::system::error_category const& net_category() {
  static category const instance;
  return instance;
}

}  // namespace corunner::net
