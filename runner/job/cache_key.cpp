#include "runner/job/cache_key.hpp"

#include "config/in_quotes.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <filesystem>

namespace corunner {
namespace {

using config::in_quotes;

constexpr std::string_view white_space = " \t\n\v\f\r";

// %2f, %2e and the backslash, in one pass; nothing else is decoded.
std::string decoded(std::string_view raw) {
  std::string out;
  for (std::size_t at = 0; at < raw.size();) {
    auto const escape = raw.substr(at, 3);
    if (escape == "%2f" || escape == "%2F") {
      out += '/';
      at += 3;
    } else if (escape == "%2e" || escape == "%2E") {
      out += '.';
      at += 3;
    } else {
      out += raw[at] == '\\' ? '/' : raw[at];
      ++at;
    }
  }
  return out;
}

std::string sha256_hex(std::string_view text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<unsigned char const*>(text.data()), text.size(), digest);
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

}  // namespace

std::string sanitize_cache_key(std::string_view raw) {
  auto key = std::filesystem::path("/" + decoded(raw)).lexically_normal().string();
  // From the last segment on: white space at the end goes, and with it what became empty.
  while (!key.empty()) {
    auto const end = key.find_last_not_of(white_space);
    key.resize(end == std::string::npos ? 0 : end + 1);
    if (!key.ends_with('/')) break;
    key.pop_back();
  }
  key.erase(0, key.starts_with('/') ? 1 : 0);
  while (key.starts_with('/')) key.erase(0, 1);
  return key;
}

cache_key make_cache_key(std::string_view raw, bool hashed) {
  cache_key key;
  if (hashed) {
    key.human = raw;
    if (key.human.empty()) return key;
    key.storage = sha256_hex(key.human);
    key.alternate = key.human;
    return key;
  }
  key.human = sanitize_cache_key(raw);
  if (key.human.empty()) {
    if (!raw.empty()) {
      key.warning = fmt::format("cache key {} could not be sanitized", in_quotes(raw));
    }
    return key;
  }
  if (key.human != raw) {
    key.warning = fmt::format("cache key {} sanitized to {}", in_quotes(raw), in_quotes(key.human));
  }
  key.storage = key.human;
  key.alternate = sha256_hex(key.human);
  return key;
}

bool is_protected_fallback_key(std::string_view raw) {
  auto key = sanitize_cache_key(raw);
  key.resize(key.find_last_not_of(". ") + 1);
  return key.ends_with("-protected");
}

}  // namespace corunner
