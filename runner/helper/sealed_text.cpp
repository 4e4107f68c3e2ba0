#include "runner/helper/sealed_text.hpp"

#include <boost/beast/core/detail/base64.hpp>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <iterator>
#include <memory>
#include <stdexcept>

namespace corunner {
namespace {

namespace base64 = boost::beast::detail::base64;

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

struct free_cipher {
  void operator()(EVP_CIPHER* which) const { EVP_CIPHER_free(which); }
  void operator()(EVP_CIPHER_CTX* which) const { EVP_CIPHER_CTX_free(which); }
};
using cipher_ptr = std::unique_ptr<EVP_CIPHER, free_cipher>;
using context_ptr = std::unique_ptr<EVP_CIPHER_CTX, free_cipher>;

[[noreturn]] void give_up() {
  throw std::runtime_error("OpenSSL cannot encrypt the masked values");
}

unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
unsigned char const* bytes(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

void fill_random(unsigned char* where, std::size_t size) {
  if (RAND_bytes(where, static_cast<int>(size)) != 1) give_up();
}

context_ptr start(seal_key const& key, std::string_view nonce, bool encrypts) {
  cipher_ptr const cipher(EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr));
  context_ptr context(EVP_CIPHER_CTX_new());
  if (!cipher || !context ||
      EVP_CipherInit_ex2(context.get(), cipher.get(), key.data(), bytes(nonce), encrypts,
                         nullptr) != 1) {
    give_up();
  }
  return context;
}

std::string to_base64(std::string_view text) {
  std::string out(base64::encoded_size(text.size()), '\0');
  out.resize(base64::encode(out.data(), text.data(), text.size()));
  return out;
}

// As far as it is base64; what is cut short then has no right tag.
std::string from_base64(std::string_view word) {
  std::string out(base64::decoded_size(word.size()), '\0');
  out.resize(base64::decode(out.data(), word.data(), word.size()).first);
  return out;
}

}  // namespace

seal_key random_seal_key() {
  seal_key made;
  fill_random(made.data(), made.size());
  return made;
}

std::string seal(seal_key const& key, std::string_view text) {
  std::string out(nonce_size + text.size() + tag_size, '\0');
  fill_random(bytes(out), nonce_size);
  auto const context = start(key, std::string_view(out).substr(0, nonce_size), true);
  auto* const sealed = bytes(out) + nonce_size;
  int size = 0;
  int rest = 0;
  bool const done = EVP_EncryptUpdate(context.get(), sealed, &size, bytes(text),
                                      static_cast<int>(text.size())) == 1 &&
                    EVP_EncryptFinal_ex(context.get(), sealed + size, &rest) == 1 &&
                    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_size,
                                        sealed + text.size()) == 1;
  if (!done) give_up();
  return to_base64(out);
}

std::optional<std::string> unseal(seal_key const& key, std::string_view word) {
  auto from = from_base64(word);
  if (from.size() < nonce_size + tag_size) return std::nullopt;
  auto const context = start(key, std::string_view(from).substr(0, nonce_size), false);
  std::string out(from.size() - nonce_size - tag_size, '\0');
  auto* const sealed = bytes(from) + nonce_size;
  int size = 0;
  int rest = 0;
  bool const ours = EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_size,
                                        sealed + out.size()) == 1 &&
                    EVP_DecryptUpdate(context.get(), bytes(out), &size, sealed,
                                      static_cast<int>(out.size())) == 1 &&
                    EVP_DecryptFinal_ex(context.get(), bytes(out) + size, &rest) == 1;
  if (!ours) return std::nullopt;
  return out;
}

std::string hex_sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    give_up();
  }
  std::string out;
  for (unsigned int i = 0; i != size; ++i) {
    fmt::format_to(std::back_inserter(out), "{:02x}", digest[i]);
  }
  return out;
}

}  // namespace corunner
