#include "runner/coordinator/api/body/utf8_text.hpp"

#include <algorithm>

namespace corunner::coordinator {

namespace {

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// Bytes of the character that `text` begins with; 0 when it is not well-formed.
std::size_t first_length(std::string_view text) {
  auto const at = [&](std::size_t place) { return static_cast<unsigned char>(text[place]); };
  auto const first = at(0);
  if (first < 0x80) return 1;
  std::size_t const length = first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3
                             : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t place = 1; place < length; ++place) {
    if (!continues(text[place])) return 0;
  }
  auto const second = at(1);
  bool const overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  bool const beyond = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
  return overlong || beyond ? 0 : length;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    auto const length = first_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::size_t count_characters(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
}

std::string prefix_of(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  while (limit > 0 && continues(text[limit])) --limit;
  return std::string(text.substr(0, limit));
}

}  // namespace corunner::coordinator
