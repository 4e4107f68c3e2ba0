#include "runner/trace/encoded_forms.hpp"

#include "exec/script/quoting.hpp"
#include "runner/trace/base64_forms.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <utility>

namespace corunner {

namespace {

constexpr std::string_view white = " \t\n\v\f\r";
constexpr std::string_view lower_digits = "0123456789abcdef";
constexpr std::string_view upper_digits = "0123456789ABCDEF";

std::string_view trimmed(std::string_view text) {
  auto const begin = std::min(text.find_first_not_of(white), text.size());
  return text.substr(begin, text.find_last_not_of(white) + 1 - begin);
}

bool contains(std::string_view set, char c) { return set.find(c) != std::string_view::npos; }

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// The letter behind a backslash, of pairs like "\nn\tt"; 0 for none.
char letter_of(std::string_view pairs, char c) {
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
    if (pairs[i] == c) return pairs[i + 1];
  }
  return 0;
}

// --- JSON

void append_unit(std::string& out, unsigned unit) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += lower_digits[unit >> shift & 15];
}

struct json_style {
  std::string_view by_number;  // characters that are escaped although they need not be
  bool slash;                  // as \/
  bool ascii;                  // nothing else
};

constexpr std::array<json_style, 5> json_styles{{{"", false, false},
                                                 {"", true, false},
                                                 {"<>&", false, false},
                                                 {"", false, true},
                                                 {"", true, true}}};

// The character that begins at `at`, which moves behind it; bytes that are no UTF-8 stand alone.
std::uint32_t next_character(std::string_view text, std::size_t& at) {
  auto const byte = [&](std::size_t k) -> std::uint32_t {
    return at + k < text.size() ? static_cast<unsigned char>(text[at + k]) : 0;
  };
  auto const follows = [&](std::size_t k) { return (byte(k) & 0xc0) == 0x80; };
  auto const first = byte(0);
  std::size_t const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
  std::uint32_t value = more == 0 ? first : first & (0x3fu >> more);
  for (std::size_t k = 1; k <= more; ++k) {
    if (!follows(k)) {
      ++at;
      return first;
    }
    value = value << 6 | (byte(k) & 0x3f);
  }
  at += more + 1;
  return value;
}

std::string json_text(std::string_view value, json_style const& style) {
  std::string out;
  for (std::size_t i = 0; i < value.size();) {
    char const c = value[i];
    if (!is_ascii(c) && style.ascii) {
      auto const character = next_character(value, i);
      if (character >= 0x10000) append_unit(out, 0xd7c0 + (character >> 10));
      append_unit(out, character >= 0x10000 ? 0xdc00 + (character & 0x3ff) : character);
      continue;
    }
    ++i;
    char const letter = letter_of("\"\"\\\\\bb\ff\nn\rr\tt", c);
    if (letter != 0 || (c == '/' && style.slash)) {
      out += '\\';
      out += letter != 0 ? letter : c;
    } else if (static_cast<unsigned char>(c) < 0x20 || contains(style.by_number, c)) {
      append_unit(out, static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

// --- percent encoding

struct percent_style {
  std::string_view bare;  // what is not encoded, beside letters and digits
  bool plus;              // for blanks
};

constexpr std::array<percent_style, 6> percent_styles{{{"-._~", false},
                                                       {"-._~", true},
                                                       {"-_.!~*'()", false},
                                                       {"-._~/", false},
                                                       {"-._~!$&'()*+,;=", false},
                                                       {"*-._", true}}};

std::string percent_text(std::string_view value, percent_style const& style,
                         std::string_view digits) {
  std::string out;
  for (char const c : value) {
    if (is_letter_or_digit(c) || contains(style.bare, c)) {
      out += c;
    } else if (c == ' ' && style.plus) {
      out += '+';
    } else {
      auto const byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

// --- words of a shell

std::string unquoted(std::string text) {
  auto const from = text.find_first_of("'\"");
  if (from == std::string::npos || text.size() < from + 2) return text;
  return text.substr(from + 1, text.size() - from - 2);
}

std::string with_replaced(std::string_view value, char what, std::string_view by) {
  std::string out;
  for (char const c : value) {
    if (c == what) {
      out += by;
    } else {
      out += c;
    }
  }
  return out;
}

// $'...' as bash writes it, by printf %q and in its traces: octal numbers.
std::string bash_ansi_c(std::string_view value, bool ascii) {
  std::string out;
  for (char const c : value) {
    char const letter = letter_of("\aa\bb\tt\nn\vv\ff\rr\x1b" "E''\\\\", c);
    if (letter != 0) {
      out += '\\';
      out += letter;
    } else if (is_control(c) || (ascii && !is_ascii(c))) {
      auto const byte = static_cast<unsigned char>(c);
      out += '\\';
      for (int shift = 6; shift >= 0; shift -= 3) out += lower_digits[byte >> shift & 7];
    } else {
      out += c;
    }
  }
  return out;
}

// printf %q of what has no control characters. `#` and `~` are escaped where they begin a word.
std::string with_backslashes(std::string_view value) {
  std::string out;
  for (char const c : value) {
    bool const first = out.empty() && (c == '#' || c == '~');
    if (first || contains(" \t'\"\\|&;()<>!{}*[?]^$`,", c)) out += '\\';
    out += c;
  }
  return out;
}

// --- lines

void add_lines(std::vector<std::string>& to, std::string_view value) {
  if (value.find_first_of("\r\n") == std::string_view::npos) return;
  while (!value.empty()) {
    auto const end = std::min(value.find_first_of("\r\n"), value.size());
    auto const line = trimmed(value.substr(0, end));
    if (line.size() >= shortest_encoded && !line.starts_with("-----")) to.emplace_back(line);
    value.remove_prefix(std::min(end + 1, value.size()));
  }
}

}  // namespace

std::vector<std::string> encoded_forms(std::string_view value) {
  value = trimmed(value);
  std::vector<std::string> out;
  if (value.size() < shortest_encoded) return out;
  for (auto const& style : json_styles) out.push_back(json_text(value, style));
  for (auto const& style : percent_styles) {
    out.push_back(percent_text(value, style, upper_digits));
    out.push_back(percent_text(value, style, lower_digits));
  }
  out.push_back(unquoted(exec::quote_ansi_c(value)));
  out.push_back(unquoted(exec::quote_posix(value)));
  out.push_back(with_replaced(value, '\'', R"('\'')"));
  out.push_back(with_replaced(value, '\'', R"('"'"')"));
  out.push_back(bash_ansi_c(value, false));
  out.push_back(bash_ansi_c(value, true));
  out.push_back(with_backslashes(value));
  for (auto& form : base64_forms(value)) out.push_back(std::move(form));
  add_lines(out, value);

  std::ranges::sort(out);
  auto const [first, last] = std::ranges::unique(out);
  out.erase(first, last);
  std::erase_if(out, [&](std::string const& form) {
    return form.size() < shortest_encoded || form == value;
  });
  return out;
}

std::vector<std::string> with_encoded_forms(std::vector<std::string> const& values) {
  std::vector<std::string> out;
  for (auto const& value : values) {
    if (auto const text = trimmed(value); !text.empty()) out.emplace_back(text);
  }
  std::ranges::sort(out, [](std::string const& a, std::string const& b) {
    return std::pair(a.size(), std::string_view(a)) < std::pair(b.size(), std::string_view(b));
  });
  auto const [first, last] = std::ranges::unique(out);
  out.erase(first, last);

  std::size_t room = most_encoded_bytes;
  auto const plain = out.size();
  for (std::size_t i = 0; i < plain; ++i) {
    // The forms are several times as long as their value.
    if (out[i].size() > room) break;
    auto forms = encoded_forms(out[i]);
    std::size_t bytes = 0;
    for (auto const& form : forms) bytes += form.size();
    if (bytes > room) break;
    room -= bytes;
    std::ranges::move(forms, std::back_inserter(out));
  }
  return out;
}

}  // namespace corunner
