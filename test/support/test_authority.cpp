#include "test/support/test_authority.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>

namespace corunner::test {
namespace {

using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using certificate_pointer = std::unique_ptr<X509, decltype(&X509_free)>;

void must(bool worked, char const* what) {
  if (!worked) throw std::runtime_error(what);
}

void extend(X509* certificate, X509* issuer, int which, std::string const& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  auto* const extension = X509V3_EXT_conf_nid(nullptr, &context, which, value.c_str());
  must(extension != nullptr, "extension");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

certificate_pointer make(std::string const& subject, EVP_PKEY* key, long begin, long end) {
  static long serial = 0;
  certificate_pointer made(X509_new(), &X509_free);
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), begin);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), end);
  X509_set_pubkey(made.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<unsigned char const*>(subject.c_str()), -1, -1, 0);
  return made;
}

std::filesystem::path write(std::filesystem::path file, auto const& writer) {
  auto* const out = std::fopen(file.c_str(), "w");
  must(out != nullptr, "cannot write a test certificate");
  writer(out);
  std::fclose(out);
  return file;
}

std::string pem_of(X509* certificate) {
  std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_X509(text.get(), certificate);
  char* data = nullptr;
  auto const size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

struct test_authority::identity {
  key_pointer key{EVP_EC_gen("P-256"), &EVP_PKEY_free};
  certificate_pointer certificate{nullptr, &X509_free};
};

test_authority::test_authority(std::filesystem::path directory, std::string name,
                               test_authority const* issuer)
    : directory_(std::move(directory)), own_(std::make_unique<identity>()) {
  own_->certificate = make(name, own_->key.get(), -7200, 7200);
  auto* const own = own_->certificate.get();
  auto const& by = issuer ? *issuer->own_ : *own_;
  X509_set_issuer_name(own, X509_get_subject_name(by.certificate.get()));
  extend(own, by.certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  extend(own, by.certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  must(X509_sign(own, by.key.get(), EVP_sha256()) > 0, "sign");
  pem_ = pem_of(own);
  file_ = write(directory_ / (name + ".crt"), [&](FILE* out) { PEM_write_X509(out, own); });
}

test_authority::~test_authority() = default;

test_authority::pair test_authority::issue(std::string const& subject,
                                           std::string const& alternative_names, long begin,
                                           long end, std::string const& issuer_url) {
  return sign(subject, alternative_names, begin, end, issuer_url, own_.get());
}

test_authority::pair test_authority::self_signed(std::string const& subject,
                                                 std::string const& alternative_names) {
  return sign(subject, alternative_names, -3600, 3600, {}, nullptr);
}

test_authority::pair test_authority::sign(std::string const& subject,
                                          std::string const& alternative_names, long begin,
                                          long end, std::string const& issuer_url,
                                          identity const* issuer) {
  key_pointer const key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  auto const made = make(subject, key.get(), begin, end);
  auto* const by = issuer ? issuer->certificate.get() : made.get();
  X509_set_issuer_name(made.get(), X509_get_subject_name(by));
  if (!alternative_names.empty()) extend(made.get(), by, NID_subject_alt_name, alternative_names);
  if (!issuer_url.empty()) extend(made.get(), by, NID_info_access, "caIssuers;URI:" + issuer_url);
  must(X509_sign(made.get(), issuer ? issuer->key.get() : key.get(), EVP_sha256()) > 0, "sign");
  auto const base =
      directory_ / (subject + std::to_string(ASN1_INTEGER_get(X509_get0_serialNumber(made.get()))));
  pair files;
  files.certificate = write(base.string() + ".crt",
                            [&](FILE* out) { PEM_write_X509(out, made.get()); });
  files.key = write(base.string() + ".key", [&](FILE* out) {
    PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  return files;
}

}  // namespace corunner::test
