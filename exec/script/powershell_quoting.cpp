#include "exec/script/powershell_quoting.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace corunner::exec {
namespace {

struct escape {
  char byte;
  char letter;
};
constexpr std::array<escape, 7> letters{{{'\a', 'a'},
                                         {'\b', 'b'},
                                         {'\f', 'f'},
                                         {'\n', 'n'},
                                         {'\r', 'r'},
                                         {'\t', 't'},
                                         {'\v', 'v'}}};

// PowerShell takes these quotation marks for the ASCII one.
constexpr std::array<std::string_view, 3> double_quotes{"\u201c", "\u201d", "\u201e"};

std::string double_quoted(std::string_view text, std::string_view escaped) {
  std::string out = "\"";
  while (!text.empty()) {
    char const c = text.front();
    auto const letter = std::ranges::find(letters, c, &escape::byte);
    auto const quote = std::ranges::find_if(
        double_quotes, [&](std::string_view each) { return text.starts_with(each); });
    if (letter != letters.end()) {
      out += '`';
      out += letter->letter;
    } else {
      if (escaped.find(c) != std::string_view::npos || quote != double_quotes.end()) out += '`';
      out += c;
    }
    text.remove_prefix(1);
  }
  out += '"';
  return out;
}

// The next character of UTF-8; U+FFFD for a byte that is none.
std::uint32_t take_character(std::string_view& text) {
  constexpr std::uint32_t replacement = 0xFFFD;
  auto const first = static_cast<unsigned char>(text.front());
  text.remove_prefix(1);
  if (first < 0x80) return first;
  int const more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC2 ? 1 : 0;
  if (more == 0 || first > 0xF4 || text.size() < static_cast<std::size_t>(more)) return replacement;
  std::uint32_t value = first & (0x3F >> more);
  for (int i = 0; i != more; ++i) {
    auto const next = static_cast<unsigned char>(text[static_cast<std::size_t>(i)]);
    if ((next & 0xC0) != 0x80) return replacement;
    value = value << 6 | (next & 0x3F);
  }
  text.remove_prefix(static_cast<std::size_t>(more));
  return value;
}

std::string to_base64(std::string_view bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i != 3; ++i) {
      group = group << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0u);
    }
    for (std::size_t i = 0; i != 4; ++i) {
      out += at + i > bytes.size() ? '=' : digits[group >> (18 - 6 * i) & 63];
    }
  }
  return out;
}

}  // namespace

std::string quote_powershell(std::string_view text) { return double_quoted(text, "`#'\"$"); }

std::string quote_powershell_active(std::string_view text) { return double_quoted(text, "`#'\""); }

std::string powershell_encoded(std::string_view script) {
  std::string wide;
  auto const put = [&wide](std::uint32_t unit) {
    wide += static_cast<char>(unit & 0xFF);
    wide += static_cast<char>(unit >> 8);
  };
  while (!script.empty()) {
    auto const character = take_character(script);
    if (character < 0x10000) {
      put(character);
    } else {
      put(0xD800 + ((character - 0x10000) >> 10));
      put(0xDC00 + ((character - 0x10000) & 0x3FF));
    }
  }
  return to_base64(wide);
}

}  // namespace corunner::exec
