#include "net/certificate_chain.hpp"

#include "net/error.hpp"
#include "net/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>

#include <memory>

namespace corunner::net {

namespace {

template <auto free>
struct freed_by {
  void operator()(auto* what) const { free(what); }
};
using certificate = std::unique_ptr<X509, freed_by<X509_free>>;
using bundle = std::unique_ptr<PKCS7, freed_by<PKCS7_free>>;
using memory = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using access_list = std::unique_ptr<AUTHORITY_INFO_ACCESS, freed_by<AUTHORITY_INFO_ACCESS_free>>;
using verification = std::unique_ptr<X509_STORE_CTX, freed_by<X509_STORE_CTX_free>>;

memory reader(std::string_view bytes) {
  return memory(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

certificate last_of(std::string const& chain) {
  auto const from = reader(chain);
  certificate last;
  while (certificate next{PEM_read_bio_X509(from.get(), nullptr, nullptr, nullptr)}) {
    last = std::move(next);
  }
  ERR_clear_error();  // the end
  return last;
}

bool is_self_signed(X509* one) { return X509_check_issued(one, one) == X509_V_OK; }

X509* first_of(PKCS7 const* all) {
  if (!all || !PKCS7_type_is_signed(all) || !all->d.sign) return nullptr;
  return sk_X509_num(all->d.sign->cert) > 0 ? sk_X509_value(all->d.sign->cert, 0) : nullptr;
}

}  // namespace

std::string pem_of(X509* one) {
  memory const text(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(text.get(), one);
  char* data = nullptr;
  auto const size = BIO_get_mem_data(text.get(), &data);
  std::string out(data ? data : "", static_cast<std::size_t>(size));
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

std::optional<std::string> issuer_url(std::string const& chain) {
  auto const last = last_of(chain);
  if (!last || is_self_signed(last.get())) return std::nullopt;
  access_list const all(static_cast<AUTHORITY_INFO_ACCESS*>(
      X509_get_ext_d2i(last.get(), NID_info_access, nullptr, nullptr)));
  for (int i = 0; all && i < sk_ACCESS_DESCRIPTION_num(all.get()); ++i) {
    auto const* const one = sk_ACCESS_DESCRIPTION_value(all.get(), i);
    if (OBJ_obj2nid(one->method) != NID_ad_ca_issuers || one->location->type != GEN_URI) continue;
    auto const* const text = one->location->d.uniformResourceIdentifier;
    std::string url(reinterpret_cast<char const*>(ASN1_STRING_get0_data(text)),
                    static_cast<std::size_t>(ASN1_STRING_length(text)));
    if (url.starts_with("http://") || url.starts_with("https://")) return url;
  }
  return std::nullopt;
}

std::optional<std::string> certificate_in(std::string const& bytes) {
  auto const* data = reinterpret_cast<unsigned char const*>(bytes.data());
  certificate one(d2i_X509(nullptr, &data, static_cast<long>(bytes.size())));
  if (!one) one.reset(PEM_read_bio_X509(reader(bytes).get(), nullptr, nullptr, nullptr));
  std::optional<std::string> out;
  if (one) {
    out = pem_of(one.get());
  } else {
    data = reinterpret_cast<unsigned char const*>(bytes.data());
    bundle all(d2i_PKCS7(nullptr, &data, static_cast<long>(bytes.size())));
    if (!all) all.reset(PEM_read_bio_PKCS7(reader(bytes).get(), nullptr, nullptr, nullptr));
    if (auto* const first = first_of(all.get())) out = pem_of(first);
  }
  ERR_clear_error();
  return out;
}

result<rooted_chain> add_system_root(std::string chain) {
  auto const last = last_of(chain);
  if (!last) return error_code(errc::certificate_bad);
  auto const context = make_client_context({}, {});
  if (!context) return context.error();
  verification const check(X509_STORE_CTX_new());
  X509_STORE_CTX_init(check.get(), SSL_CTX_get_cert_store(context->get()), last.get(), nullptr);
  rooted_chain out{.chain = std::move(chain)};
  if (X509_verify_cert(check.get()) != 1) {
    switch (X509_STORE_CTX_get_error(check.get())) {
      case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
      case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
      case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: return out;
      case X509_V_ERR_CERT_HAS_EXPIRED: return error_code(errc::certificate_expired);
      default: return error_code(errc::certificate_bad);
    }
  }
  out.known = true;
  auto* const verified = X509_STORE_CTX_get0_chain(check.get());
  for (int i = 1; i < sk_X509_num(verified); ++i) {
    out.chain += '\n' + pem_of(sk_X509_value(verified, i));
  }
  return out;
}

}  // namespace corunner::net
