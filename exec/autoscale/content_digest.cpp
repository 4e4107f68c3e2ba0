#include "exec/autoscale/content_digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace corunner::exec {

namespace {

constexpr std::string_view kind = "sha256:";
constexpr std::size_t digits = 64;

}  // namespace

bool is_content_digest(std::string_view text) {
  return text.size() == kind.size() + digits && text.starts_with(kind) &&
         text.find_first_not_of("0123456789abcdef", kind.size()) == text.npos;
}

void content_digest::freer::operator()(evp_md_ctx_st* made) const { EVP_MD_CTX_free(made); }

content_digest::content_digest() : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("no SHA-256 from OpenSSL");
  }
}

void content_digest::update(std::string_view bytes) {
  EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

std::string content_digest::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
  unsigned size = 0;
  EVP_DigestFinal_ex(context_.get(), bytes.data(), &size);
  std::string out(kind);
  for (unsigned at = 0; at < size; ++at) {
    constexpr std::string_view alphabet = "0123456789abcdef";
    out += alphabet[bytes[at] >> 4];
    out += alphabet[bytes[at] & 15];
  }
  return out;
}

std::string digest_of(std::string_view bytes) {
  content_digest sum;
  sum.update(bytes);
  return sum.finish();
}

}  // namespace corunner::exec
