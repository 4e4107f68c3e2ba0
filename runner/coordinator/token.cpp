#include "runner/coordinator/token.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace corunner::coordinator {

namespace {

std::vector<unsigned char> random_bytes(std::size_t count) {
  std::vector<unsigned char> bytes(count);
  if (RAND_bytes(bytes.data(), static_cast<int>(count)) != 1) {
    throw std::runtime_error("no random numbers from OpenSSL");
  }
  return bytes;
}

std::string hex(unsigned char const* bytes, std::size_t count) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(count * 2);
  for (std::size_t i = 0; i < count; ++i) {
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}

}  // namespace

std::string make_token(std::string_view prefix, std::size_t length) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  static_assert(alphabet.size() == 64);
  std::string token(prefix);
  for (auto const byte : random_bytes(length)) token += alphabet[byte & 63];
  return token;
}

std::string make_hex(std::size_t digits) {
  auto const bytes = random_bytes((digits + 1) / 2);
  return hex(bytes.data(), bytes.size()).substr(0, digits);
}

std::string make_uuid(std::int64_t milliseconds_since_epoch) {
  auto bytes = random_bytes(16);
  for (int i = 0; i < 6; ++i) {
    bytes[static_cast<std::size_t>(i)] =
        static_cast<unsigned char>(milliseconds_since_epoch >> (8 * (5 - i)));
  }
  bytes[6] = static_cast<unsigned char>(0x70 | (bytes[6] & 0x0f));
  bytes[8] = static_cast<unsigned char>(0x80 | (bytes[8] & 0x3f));
  auto const text = hex(bytes.data(), bytes.size());
  return fmt::format("{}-{}-{}-{}-{}", text.substr(0, 8), text.substr(8, 4), text.substr(12, 4),
                     text.substr(16, 4), text.substr(20));
}

std::string sha256(std::string_view text) {
  sha256_stream digest;
  digest.update(text);
  return digest.finish();
}

sha256_stream::sha256_stream() : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex(context_, EVP_sha256(), nullptr) != 1) {
    EVP_MD_CTX_free(context_);
    throw std::runtime_error("no SHA-256 from OpenSSL");
  }
}

sha256_stream::~sha256_stream() { EVP_MD_CTX_free(context_); }

void sha256_stream::update(std::string_view bytes) {
  EVP_DigestUpdate(context_, bytes.data(), bytes.size());
}

std::string sha256_stream::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned length = 0;
  EVP_DigestFinal_ex(context_, digest.data(), &length);
  return hex(digest.data(), length);
}

}  // namespace corunner::coordinator
