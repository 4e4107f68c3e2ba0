#include "exec/archive/utf8.hpp"

namespace corunner::exec {

code_point decode_utf8(std::string_view text, std::size_t at) {
  auto const lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {lead, 1};
  code_point const none{0x110000u + lead, 1};
  std::size_t const length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return none;
  std::uint32_t value = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    auto const next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xC0) != 0x80) return none;
    value = value << 6 | (next & 0x3Fu);
  }
  bool const too_long = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  bool const surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (too_long || surrogate || value > 0x10FFFF) return none;
  return {value, length};
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    auto const [value, length] = decode_utf8(text, at);
    if (value > 0x10FFFF) return false;
    at += length;
  }
  return true;
}

}  // namespace corunner::exec
