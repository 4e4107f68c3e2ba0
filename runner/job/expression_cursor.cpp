#include "runner/job/expression_cursor.hpp"

#include <algorithm>
#include <charconv>

namespace corunner {
namespace {

constexpr std::string_view white_space = " \t\r\n";
constexpr std::string_view escaped_opening = "\\${{";
constexpr std::string_view letters = "abfnrtv\\\"/";
constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\\"/";

void append_utf8(std::string& to, unsigned code) {
  if (code < 0x80) {
    to += static_cast<char>(code);
  } else if (code < 0x800) {
    to += static_cast<char>(0xc0 | (code >> 6));
    to += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    to += static_cast<char>(0xe0 | (code >> 12));
    to += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    to += static_cast<char>(0x80 | (code & 0x3f));
  }
}

// The character of "\u00e9".
std::optional<unsigned> unicode_escape(std::string_view text) {
  constexpr std::size_t length = 6;
  unsigned code = 0;
  if (text.size() < length || text[1] != 'u') return std::nullopt;
  char const* const end = text.data() + length;
  return std::from_chars(text.data() + 2, end, code, 16).ptr == end ? std::optional(code)
                                                                    : std::nullopt;
}

}  // namespace

bool expression_cursor::is_letter(char c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool expression_cursor::is_digit(char c) { return c >= '0' && c <= '9'; }

char expression_cursor::peek() {
  at_ = std::min(text_.find_first_not_of(white_space, at_), text_.size());
  return at_end() ? '\0' : text_[at_];
}

bool expression_cursor::take(std::string_view what) {
  peek();
  if (!next_is(what)) return false;
  at_ += what.size();
  return true;
}

std::string_view expression_cursor::take_name() {
  auto const begin = at_;
  while (!at_end() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
  return text_.substr(begin, at_ - begin);
}

std::string_view expression_cursor::take_number() {
  auto const begin = at_;
  auto const is_part = [&] {
    char const c = text_[at_];
    bool const is_sign = (c == '+' || c == '-') && at_ > begin;
    return is_digit(c) || c == '.' || c == 'e' || c == 'E' ||
           (is_sign && (text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E'));
  };
  while (!at_end() && is_part()) ++at_;
  return text_.substr(begin, at_ - begin);
}

std::optional<std::string> expression_cursor::take_raw() {
  std::string out;
  for (++at_; !at_end() && text_[at_] != '\''; ++at_) {
    if (next_is("\\\\") || next_is("\\'")) ++at_;
    out += text_[at_];
  }
  if (at_end()) return std::nullopt;
  ++at_;
  return out;
}

bool expression_cursor::take_character(std::string& to) {
  auto const rest = text_.substr(at_);
  if (rest.front() != '\\') {
    to += rest.front();
    at_ += 1;
  } else if (rest.starts_with(escaped_opening)) {
    to += escaped_opening.substr(1);
    at_ += escaped_opening.size();
  } else if (auto const code = unicode_escape(rest)) {
    append_utf8(to, *code);
    at_ += 6;
  } else {
    auto const known = rest.size() > 1 ? letters.find(rest[1]) : std::string_view::npos;
    if (known == std::string_view::npos) return false;
    to += meanings[known];
    at_ += 2;
  }
  return true;
}

}  // namespace corunner
