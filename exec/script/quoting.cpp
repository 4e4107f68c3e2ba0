#include "exec/script/quoting.hpp"

#include <algorithm>
#include <array>

namespace corunner::exec {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Needs no quotes anywhere.
bool is_plain(char c) {
  return is_letter_or_digit(c) || std::string_view(",-./@_").find(c) != std::string_view::npos;
}

// Stands for itself between $' and '.
bool is_itself_in_ansi_c(char c) {
  return is_plain(c) ||
         std::string_view(" !\"#$%&()*+:;<=>?[]^`{|}~").find(c) != std::string_view::npos;
}

struct escape {
  char byte;
  char letter;
};
constexpr std::array<escape, 9> ansi_c_letters{{{'\a', 'a'},
                                                {'\b', 'b'},
                                                {'\t', 't'},
                                                {'\n', 'n'},
                                                {'\v', 'v'},
                                                {'\f', 'f'},
                                                {'\r', 'r'},
                                                {'\'', '\''},
                                                {'\\', '\\'}}};

void append_ansi_c(std::string& out, char c) {
  if (is_itself_in_ansi_c(c)) {
    out += c;
    return;
  }
  out += '\\';
  auto const known = std::ranges::find(ansi_c_letters, c, &escape::byte);
  if (known != ansi_c_letters.end()) {
    out += known->letter;
    return;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  auto const byte = static_cast<unsigned char>(c);
  out += 'x';
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

std::string double_quoted(std::string_view text, std::string_view escaped) {
  std::string out;
  out.reserve(text.size() + 2);
  out += '"';
  for (char const c : text) {
    if (escaped.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  out += '"';
  return out;
}

}  // namespace

std::string quote_ansi_c(std::string_view text) {
  if (text.empty()) return "''";
  if (std::ranges::all_of(text, is_plain)) return std::string(text);
  std::string out;
  out.reserve(text.size() + text.size() / 8 + 3);
  out += "$'";
  for (char const c : text) append_ansi_c(out, c);
  out += '\'';
  return out;
}

std::string quote_posix(std::string_view text) {
  if (text.empty()) return "''";
  if (std::ranges::all_of(text, is_plain)) return std::string(text);
  return double_quoted(text, "`\"\\$");
}

std::string quote_path(std::string_view path) { return double_quoted(path, "\"\\"); }

std::string quote_active(std::string_view text) { return double_quoted(text, {}); }

}  // namespace corunner::exec
