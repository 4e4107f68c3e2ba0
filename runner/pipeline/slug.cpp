#include "runner/pipeline/slug.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <re2/re2.h>

#include <array>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

namespace corunner::pipeline {
namespace {

constexpr std::size_t slug_limit = 63;
constexpr std::size_t environment_limit = 24;
constexpr std::size_t environment_suffix = 6;

// Lower case; each character that is no letter or digit of ASCII becomes one dash.
std::string dashed(std::string_view text) {
  std::string out;
  for (char const c : text) {
    bool const continues_character = (static_cast<unsigned char>(c) & 0xC0u) == 0x80u;
    if (continues_character) continue;
    if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c - 'A' + 'a');
    } else {
      bool const kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      out += kept ? c : '-';
    }
  }
  return out;
}

std::vector<unsigned char> digest(EVP_MD const* kind, std::string_view bytes) {
  std::vector<unsigned char> out(EVP_MAX_MD_SIZE);
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, kind, nullptr) != 1) {
    throw std::runtime_error("cannot compute a digest");
  }
  out.resize(size);
  return out;
}

// The last base-36 digits of the SHA-256 of the name, read as one big number.
std::string hash_suffix(std::string_view name) {
  std::uint64_t range = 1;
  for (std::size_t i = 0; i < environment_suffix; ++i) range *= 36;
  std::uint64_t rest = 0;
  for (unsigned char const byte : digest(EVP_sha256(), name)) rest = (rest * 256 + byte) % range;
  std::string out(environment_suffix, '0');
  for (std::size_t i = environment_suffix; i-- > 0; rest /= 36) {
    out[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[rest % 36];
  }
  return out;
}

}  // namespace

std::string slug(std::string_view text) {
  std::string out = dashed(text).substr(0, slug_limit);
  while (out.starts_with('-')) out.erase(0, 1);
  while (out.ends_with('-')) out.pop_back();
  return out;
}

std::string environment_slug(std::string_view name) {
  std::string out = dashed(name);
  bool const letter_first = !out.empty() && out.front() >= 'a' && out.front() <= 'z';
  if (!letter_first) out.insert(0, "env-");
  std::string squeezed;
  for (char const c : out) {
    if (c != '-' || !squeezed.ends_with('-')) squeezed += c;
  }
  if (squeezed.size() > environment_limit || squeezed != name) {
    squeezed.resize(std::min(squeezed.size(), environment_limit - environment_suffix - 1));
    if (!squeezed.ends_with('-')) squeezed += '-';
    squeezed += hash_suffix(name);
  }
  if (squeezed.ends_with('-')) squeezed.pop_back();
  return squeezed;
}

std::string guess_tier(std::string_view environment_name) {
  struct guess {
    char const* pattern;
    char const* tier;
  };
  static constexpr std::array<guess, 4> guesses{{
      {"(?i)dev|review|trunk", "development"},
      {"(?i)test|tst|int|acc?e?pt|qa|qc|control|quality", "testing"},
      {"(?i)sta?g|mode?l|pre|demo|non", "staging"},
      {"(?i)pro?d|live", "production"},
  }};
  for (guess const& g : guesses) {
    re2::StringPiece const name(environment_name.data(), environment_name.size());
    if (RE2::PartialMatch(name, g.pattern)) return g.tier;
  }
  return "other";
}

std::string sha1_hex(std::string_view bytes) {
  std::string out;
  for (unsigned char const byte : digest(EVP_sha1(), bytes)) out += fmt::format("{:02x}", byte);
  return out;
}

}  // namespace corunner::pipeline
