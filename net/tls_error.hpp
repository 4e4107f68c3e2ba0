#pragma once

#include <boost/system/error_code.hpp>

namespace corunner::net {

// The reason that OpenSSL noted last, as an error code of the category "tls"; errc::tls_failed when
// it noted none.
boost::system::error_code openssl_error();

// Why a handshake failed: what verification said of the peer's certificate (an X509_V_ value), else
// openssl_error().
boost::system::error_code handshake_error(long verification);

}  // namespace corunner::net
