#pragma once

#include <boost/system/error_code.hpp>

#include <openssl/x509_vfy.h>

#include <string>

namespace corunner::net {

// The reason that OpenSSL noted last, as an error code of the category "tls"; errc::tls_failed when
// it noted none. What the peer complains of reads "remote error: tls: ...", as with GitLab Runner.
boost::system::error_code openssl_error();

// Why a handshake failed: what verification said of the peer's certificate (an X509_V_ value), else
// openssl_error().
boost::system::error_code handshake_error(long verification);

// What is wrong with the certificate that `failed` stopped at, in the words that people search for:
// "x509: certificate is valid for a.test, b.test, not c.test".
std::string verification_text(X509_STORE_CTX* failed);

}  // namespace corunner::net
