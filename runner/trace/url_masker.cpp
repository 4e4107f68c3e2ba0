#include "runner/trace/url_masker.hpp"

#include "runner/trace/find_bytes.hpp"
#include "runner/trace/phrase_masker.hpp"

#include <algorithm>
#include <array>

namespace corunner {

namespace {

constexpr std::array<std::string_view, 6> secret_keys{
    "private_token",   "authenticity_token", "rss_token",
    "x-amz-signature", "x-amz-credential",   "x-amz-security-token",
};
constexpr std::size_t longest_key = 20;

bool begins_parameter(char c) { return c == '?' || c == '&'; }

bool ends_value(char c) {
  auto const byte = static_cast<unsigned char>(c);
  return begins_parameter(c) || byte <= 0x20 || byte == 0x7f;
}

constexpr std::string_view first_letters = "parx";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

void url_masker::put(std::string_view bytes) {
  std::size_t kept = 0;  // bytes before have been let through or hidden
  for (std::size_t i = 0; i < bytes.size();) {
    if (place_ == place::text) {
      i = find_either(bytes, i, '?', '&');
      if (i == bytes.size()) break;
      ++i;
      key_.clear();
      place_ = place::key;
    } else if (place_ == place::key) {
      i = read_key(bytes, i);
      if (place_ != place::value) continue;
      next_.put(bytes.substr(kept, i - kept));
      next_.put(mask_text);
      kept = i;
    } else {
      i = kept = end_of_value(bytes, i);
      if (i < bytes.size()) place_ = place::text;
    }
  }
  if (place_ != place::value && kept < bytes.size()) next_.put(bytes.substr(kept));
}

// Goes on until the key is known to be one of ours (behind its '=') or not.
std::size_t url_masker::read_key(std::string_view bytes, std::size_t from) {
  for (; from < bytes.size(); ++from) {
    char const c = bytes[from];
    if (c == '=') {
      bool const secret = std::ranges::find(secret_keys, key_) != secret_keys.end();
      place_ = secret ? place::value : place::text;
      return from + 1;
    }
    bool const hopeless = key_.size() == longest_key ||
                          (key_.empty() && first_letters.find(lower(c)) == std::string_view::npos);
    if (begins_parameter(c) || hopeless) {
      place_ = place::text;
      return from;
    }
    key_ += lower(c);
  }
  return from;
}

std::size_t url_masker::end_of_value(std::string_view bytes, std::size_t from) {
  while (from < bytes.size() && !ends_value(bytes[from])) ++from;
  return from;
}

void url_masker::finish() { place_ = place::text; }

}  // namespace corunner
