#pragma once

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>

#include <type_traits>

namespace corunner::net {

// What can go wrong between two peers, beyond what the system and Asio report.
enum class errc {
  bad_url = 1,          // not an absolute URL
  unsupported_scheme,   // neither http nor https
  bad_message,          // the peer does not speak HTTP/1.1
  bad_field,            // a method, target or header field that cannot be sent (a line break in it)
  header_too_large,     // a header section over its limit
  body_too_large,       // a body over the limit that the reader gave
  incomplete_body,      // the connection ended inside a body
  too_many_redirects,   // ten in a row
  certificate_unknown,  // x509: certificate signed by unknown authority
  certificate_expired,  // outside its validity
  certificate_host,     // issued for another name
  certificate_bad,      // unusable for another reason (purpose, signature, path)
  tls_failed,           // any other TLS failure
  response_timeout,     // no response header in time
  wrong_length,         // a body source or handler gave more or less than it had announced
  shut_down,            // the server or the pool is ending
};

boost::system::error_category const& net_category();
inline boost::system::error_code make_error_code(errc code) {
  return {static_cast<int>(code), net_category()};
}

}  // namespace corunner::net

template <>
struct boost::system::is_error_code_enum<corunner::net::errc> : std::true_type {};
