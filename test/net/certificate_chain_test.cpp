#include "net/certificate_chain.hpp"

#include "net/error.hpp"
#include "test/net/temporary_directory.hpp"
#include "test/support/set_variable.hpp"
#include "test/support/test_authority.hpp"

#include <catch2/catch_test_macros.hpp>

#include <openssl/pem.h>
#include <openssl/pkcs7.h>

#include <fstream>
#include <iterator>

using namespace corunner;
using test::set_variable;

namespace {

std::string text_of(std::filesystem::path const& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

X509* parsed(std::string const& pem) {
  auto* const from = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  auto* const one = PEM_read_bio_X509(from, nullptr, nullptr, nullptr);
  BIO_free(from);
  return one;
}

std::string contents(BIO* of) {
  char* data = nullptr;
  auto const size = BIO_get_mem_data(of, &data);
  std::string out(data, static_cast<std::size_t>(size));
  BIO_free(of);
  return out;
}

std::string der_of(std::string const& pem) {
  auto* const one = parsed(pem);
  auto* const out = BIO_new(BIO_s_mem());
  i2d_X509_bio(out, one);
  X509_free(one);
  return contents(out);
}

// A PKCS #7 bundle of certificates alone.
std::string bundle_of(std::string const& pem, bool as_pem) {
  auto* const all = PKCS7_new();
  PKCS7_set_type(all, NID_pkcs7_signed);
  PKCS7_content_new(all, NID_pkcs7_data);
  auto* const one = parsed(pem);
  PKCS7_add_certificate(all, one);
  X509_free(one);
  auto* const out = BIO_new(BIO_s_mem());
  as_pem ? PEM_write_bio_PKCS7(out, all) : i2d_PKCS7_bio(out, all);
  PKCS7_free(all);
  return contents(out);
}

struct authorities {
  test::temporary_directory directory;
  test::test_authority root{directory.path()};
  test::test_authority middle{directory.path(), "intermediate", &root};

  std::string root_pem() const { return text_of(root.file()); }
  std::string middle_pem() const { return text_of(middle.file()); }
  std::string leaf(std::string const& url = {}) {
    return text_of(middle.issue("leaf", "DNS:gitlab.test", -3600, 3600, url).certificate);
  }
};

}  // namespace

TEST_CASE("the last certificate of a chain says where its issuer's is", "[net][tls]") {
  authorities a;
  auto const leaf = a.leaf("http://store.test/middle.crt");
  CHECK(net::issuer_url(leaf) == "http://store.test/middle.crt");
  CHECK_FALSE(net::issuer_url(leaf + '\n' + a.middle_pem()));
  CHECK_FALSE(net::issuer_url(a.leaf("ldap://store.test/middle")));
  CHECK_FALSE(net::issuer_url(a.root_pem()));
  CHECK_FALSE(net::issuer_url("no certificate"));
  CHECK_FALSE(net::issuer_url(""));
}

TEST_CASE("a certificate is found in each form that authorities publish", "[net][tls]") {
  authorities a;
  auto const pem = a.middle_pem();
  CHECK(net::certificate_in(pem) == pem);
  CHECK(net::certificate_in(der_of(pem)) == pem);
  CHECK(net::certificate_in(bundle_of(pem, false)) == pem);
  CHECK(net::certificate_in(bundle_of(pem, true)) == pem);
  for (std::string const bytes : {"", "<html>not found</html>", "\x30\x82\x01"}) {
    CHECK_FALSE(net::certificate_in(bytes));
  }
}

TEST_CASE("the system's roots complete a chain", "[net][tls]") {
  authorities a;
  auto const chain = a.leaf() + '\n' + a.middle_pem();
  SECTION("with the root") {
    set_variable const roots("SSL_CERT_FILE", a.root.file().string());
    auto const out = net::add_system_root(chain).value();
    CHECK(out.known);
    CHECK(out.chain == chain + '\n' + a.root_pem());
    CHECK(net::add_system_root(out.chain).value().chain == out.chain);
  }
  SECTION("not without") {
    test::temporary_directory other;
    test::test_authority stranger(other.path(), "stranger");
    set_variable const roots("SSL_CERT_FILE", stranger.file().string());
    auto const out = net::add_system_root(chain).value();
    CHECK_FALSE(out.known);
    CHECK(out.chain == chain);
  }
  SECTION("nor when its last certificate has expired") {
    set_variable const roots("SSL_CERT_FILE", a.root.file().string());
    auto const old = text_of(a.root.issue("old", "DNS:gitlab.test", -3600, -60).certificate);
    CHECK(net::add_system_root(old).error() == net::errc::certificate_expired);
    CHECK(net::add_system_root("no certificate").error() == net::errc::certificate_bad);
  }
}
