#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace corunner {

// The characters of an expression, read from the left. The text outlives it.
class expression_cursor {
 public:
  explicit expression_cursor(std::string_view text) : text_(text) {}

  static bool is_letter(char c);
  static bool is_digit(char c);

  std::string_view whole() const { return text_; }
  std::size_t position() const { return at_; }
  bool at_end() const { return at_ >= text_.size(); }

  // The next character that is no white space, which is skipped; 0 at the end.
  char peek();
  // Goes behind `what` if that comes next, white space aside.
  bool take(std::string_view what);

  // --- white space counts ---
  bool next_is(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  void skip(std::size_t count) { at_ += count; }
  std::string_view take_name();
  std::string_view take_number();
  // A text in single quotes; nothing when it has no end.
  std::optional<std::string> take_raw();
  // One character of a text in double quotes, or what an escape stands for; false for an unknown
  // one.
  bool take_character(std::string& to);

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace corunner
