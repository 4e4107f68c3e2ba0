#include "net/tls_error.hpp"

#include "net/error.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>
#include <string_view>

namespace corunner::net {
namespace {

namespace ip = boost::asio::ip;

class category final : public boost::system::error_category {
 public:
  char const* name() const noexcept override { return "tls"; }
  std::string message(int code) const override {
    auto const number = static_cast<unsigned long>(code);
    // An alert of the peer is its number in TLS above this.
    if (int const reason = ERR_GET_REASON(number); reason > SSL_AD_REASON_OFFSET) {
      return std::string("remote error: tls: ") +
             SSL_alert_desc_string_long(reason - SSL_AD_REASON_OFFSET);
    }
    auto const* const reason = ERR_reason_error_string(number);
    return std::string("tls: ") + (reason ? reason : "unknown error");
  }
};

struct verification_failure {
  int what;  // X509_V_
  errc means;
};
constexpr std::array<verification_failure, 10> failures = {{
    {X509_V_ERR_CERT_HAS_EXPIRED, errc::certificate_expired},
    {X509_V_ERR_CERT_NOT_YET_VALID, errc::certificate_expired},
    {X509_V_ERR_HOSTNAME_MISMATCH, errc::certificate_host},
    {X509_V_ERR_IP_ADDRESS_MISMATCH, errc::certificate_host},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, errc::certificate_unknown},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, errc::certificate_unknown},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, errc::certificate_unknown},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, errc::certificate_unknown},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, errc::certificate_unknown},
    {X509_V_ERR_CERT_UNTRUSTED, errc::certificate_unknown},
}};

errc meaning_of(long verification) {
  for (auto const& one : failures) {
    if (one.what == verification) return one.means;
  }
  return errc::certificate_bad;
}

std::string moment(std::tm const& at) {
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", at.tm_year + 1900, at.tm_mon + 1,
                     at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec);
}

std::string validity_text(X509 const* certificate) {
  auto const seconds = std::time(nullptr);
  std::tm now{};
  ::gmtime_r(&seconds, &now);
  bool const early = X509_cmp_time(X509_get0_notBefore(certificate), nullptr) > 0;
  std::tm limit{};
  ASN1_TIME_to_tm(early ? X509_get0_notBefore(certificate) : X509_get0_notAfter(certificate),
                  &limit);
  return fmt::format(": current time {} is {} {}", moment(now), early ? "before" : "after",
                     moment(limit));
}

std::string address_text(ASN1_OCTET_STRING const* bytes) {
  auto const* const data = ASN1_STRING_get0_data(bytes);
  auto const copy = [data](auto into) {
    std::copy_n(data, into.size(), into.begin());
    return into;
  };
  switch (ASN1_STRING_length(bytes)) {
    case 4: return ip::address_v4(copy(ip::address_v4::bytes_type())).to_string();
    case 16: return ip::address_v6(copy(ip::address_v6::bytes_type())).to_string();
    default: return "?";
  }
}

// The names (or addresses) that a certificate is for: "a.test, b.test".
std::string names_of(X509 const* certificate, bool addresses) {
  std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> const all(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free);
  std::string out;
  for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    auto const* const name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type != (addresses ? GEN_IPADD : GEN_DNS)) continue;
    if (!out.empty()) out += ", ";
    if (addresses) {
      out += address_text(name->d.iPAddress);
    } else {
      out.append(reinterpret_cast<char const*>(ASN1_STRING_get0_data(name->d.dNSName)),
                 static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    }
  }
  return out;
}

std::string host_text(X509 const* certificate, X509_VERIFY_PARAM* wanted, bool is_address) {
  std::unique_ptr<char, void (*)(char*)> const address(
      is_address ? X509_VERIFY_PARAM_get1_ip_asc(wanted) : nullptr,
      [](char* text) { OPENSSL_free(text); });
  auto const* const host = is_address ? address.get() : X509_VERIFY_PARAM_get0_host(wanted, 0);
  std::string_view const name = host ? host : "";
  auto const names = names_of(certificate, is_address);
  if (!names.empty()) return fmt::format("x509: certificate is valid for {}, not {}", names, name);
  if (is_address) {
    return fmt::format(
        "x509: cannot validate certificate for {} because it doesn't contain any IP SANs", name);
  }
  return fmt::format("x509: certificate is not valid for any names, but wanted to match {}", name);
}

}  // namespace

boost::system::error_code openssl_error() {
  static category const instance;
  auto const code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return errc::tls_failed;
  return {static_cast<int>(code), instance};
}

boost::system::error_code handshake_error(long verification) {
  if (verification == X509_V_OK) return openssl_error();
  ERR_clear_error();
  return meaning_of(verification);
}

std::string verification_text(X509_STORE_CTX* failed) {
  auto const* const certificate = X509_STORE_CTX_get_current_cert(failed);
  int const what = X509_STORE_CTX_get_error(failed);
  auto const means = meaning_of(what);
  std::string text = make_error_code(means).message();
  if (certificate && means == errc::certificate_expired) {
    text += validity_text(certificate);
  } else if (certificate && means == errc::certificate_host) {
    text = host_text(certificate, X509_STORE_CTX_get0_param(failed),
                     what == X509_V_ERR_IP_ADDRESS_MISMATCH);
  } else if (means == errc::certificate_bad) {
    text += std::string(": ") + X509_verify_cert_error_string(what);
  }
  return "tls: failed to verify certificate: " + text;
}

}  // namespace corunner::net
