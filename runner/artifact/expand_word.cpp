#include "runner/artifact/expand_word.hpp"

#include "runner/artifact/arithmetic.hpp"
#include "runner/artifact/word_operations.hpp"

#include <fmt/format.h>

#include <cctype>
#include <optional>
#include <stdexcept>

namespace corunner {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr int most_nested = 50;

struct bad_word : std::runtime_error {
  using runtime_error::runtime_error;
};

bool begins_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool in_name(char c) { return begins_name(c) || is_digit(c); }
// Parameters of the shell itself: nothing is set in any of them here.
bool is_special(char c) { return is_digit(c) || std::string_view("@*#?-$!").find(c) != npos; }

class expander {
 public:
  expander(std::string_view text, config::environment const& variables)
      : text_(text), variables_(variables) {}

  std::string expand() { return until(npos); }

 private:
  [[noreturn]] void fail(std::size_t at, std::string_view why) const {
    throw bad_word(fmt::format("1:{}: {}", at + 1, why));
  }
  [[noreturn]] void refuse_command(std::size_t at) const {
    throw bad_word(fmt::format("unexpected command substitution at 1:{}", at + 1));
  }

  // An empty variable is one that is not set.
  std::optional<std::string> value_of(std::string const& name) const {
    auto value = variables_(name);
    if (value && value->empty()) return std::nullopt;
    return value;
  }

  // Expands up to `end` of the text.
  std::string until(std::size_t end) {
    std::string out;
    end = std::min(end, text_.size());
    while (at_ < end) {
      char const c = text_[at_];
      if (c == '\\' && at_ + 1 < end && std::string_view("$`\\").find(text_[at_ + 1]) != npos) {
        out += text_[at_ + 1];
        at_ += 2;
      } else if (c == '`') {
        refuse_command(at_);
      } else if (c == '$') {
        out += dollar();
      } else if (text_.substr(at_).starts_with("\r\n")) {
        ++at_;
      } else {
        out += c;
        ++at_;
      }
    }
    return out;
  }

  std::string dollar() {
    auto const begin = at_++;
    if (text_.substr(at_).starts_with("((")) return arithmetic(begin);
    if (at_ < text_.size() && text_[at_] == '(') refuse_command(begin);
    if (at_ < text_.size() && text_[at_] == '{') return braces(begin);
    if (at_ < text_.size() && is_special(text_[at_])) {
      ++at_;
      return {};
    }
    auto const name = take_name();
    if (name.empty()) return "$";
    return value_of(name).value_or("");
  }

  // The parameter between braces: a name, or one of the shell's own, whose number may be long.
  std::string take_parameter(std::size_t end) {
    if (at_ == end || !is_special(text_[at_])) return take_name();
    auto const begin = at_++;
    while (at_ < end && is_digit(text_[begin]) && is_digit(text_[at_])) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  // ${!NAME}: the variable that NAME names; ${!NAME*}: names that begin so, of which there are
  // none.
  std::string indirect(std::size_t end) {
    auto const name = take_name();
    bool const lists = at_ + 1 == end && (text_[at_] == '*' || text_[at_] == '@');
    if (lists) return {};
    if (at_ != end) fail(at_, "not a valid parameter expansion operator");
    auto const named = value_of(name);
    if (!named) throw bad_word("invalid indirect expansion");
    return value_of(*named).value_or("");
  }

  std::string take_name() {
    auto const begin = at_;
    if (at_ < text_.size() && begins_name(text_[at_])) {
      while (at_ < text_.size() && in_name(text_[at_])) ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  // The index of the '}' that belongs to the '{' before at_.
  std::size_t closing(std::size_t begin) const {
    int depth = 1;
    for (auto i = at_; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '$' && i + 1 < text_.size() && text_[i + 1] == '{') {
        ++depth;
      } else if (text_[i] == '}' && --depth == 0) {
        return i;
      }
    }
    fail(begin, "reached EOF without matching `${` with `}`");
  }

  std::string braces(std::size_t begin) {
    if (++depth_ > most_nested) fail(begin, "too deeply nested");
    ++at_;
    auto out = in_braces(begin);
    --depth_;
    return out;
  }

  std::string in_braces(std::size_t begin) {
    auto const next = at_ + 1 < text_.size() ? text_[at_ + 1] : '}';
    bool const length =
        text_.substr(at_).starts_with('#') && (begins_name(next) || is_special(next));
    bool const is_indirect = text_.substr(at_).starts_with('!') && begins_name(next);
    if (length || is_indirect) ++at_;
    bool const named = at_ < text_.size() && (begins_name(text_[at_]) || is_special(text_[at_]));
    if (!named) fail(begin + 2, "invalid parameter name");
    auto const end = closing(begin);
    std::string out;
    if (is_indirect) {
      out = indirect(end);
    } else {
      auto const name = take_parameter(end);
      auto const value = begins_name(name.front()) ? value_of(name) : std::nullopt;
      if (length) {
        out = std::to_string(length_of(value.value_or("")));
        if (at_ != end) fail(at_, "not a valid parameter expansion operator");
      } else {
        out = at_ == end ? value.value_or("") : operation(name, value, end);
      }
    }
    at_ = end + 1;
    return out;
  }

  // What stands between the name and `end`.
  std::string operation(std::string const& name, std::optional<std::string> const& value,
                        std::size_t end) {
    char const first = text_[at_];
    bool const colon = first == ':';
    char const op = colon && at_ + 1 < end ? text_[at_ + 1] : first;
    if (std::string_view("-=?+").find(op) != npos) {
      at_ += colon ? 2 : 1;
      return choice(name, value, op, end);
    }
    auto const twice = at_ + 1 < end && text_[at_ + 1] == first;
    auto const skip = [&] { at_ += twice ? 2 : 1; };
    auto const text = value.value_or("");
    switch (first) {
      case '#': skip(); return without_front(text, until(end), twice);
      case '%': skip(); return without_end(text, until(end), twice);
      case '^': skip(); return in_case(text, until(end), true, twice);
      case ',': skip(); return in_case(text, until(end), false, twice);
      case '/': skip(); return replacement(text, twice, end);
      case ':':
        if (++at_ == end) fail(at_ - 1, "`:` must be followed by an expression");
        return substring(text, end);
      default: fail(at_, "not a valid parameter expansion operator");
    }
  }

  // The colon says nothing: what is empty is not set anyway.
  std::string choice(std::string const& name, std::optional<std::string> const& value, char op,
                     std::size_t end) {
    if (op == '+') return value ? unquoted(until(end)) : "";
    if (value) return *value;
    auto otherwise = unquoted(until(end));
    if (op == '?') throw bad_word(fmt::format("{}: {}", name, otherwise));
    if (op == '=') throw bad_word("environment is read-only");
    return otherwise;
  }

  std::string replacement(std::string const& text, bool all, std::size_t end) {
    auto slash = at_;
    while (slash < end && text_[slash] != '/') slash += text_[slash] == '\\' ? 2 : 1;
    auto const pattern = until(std::min(slash, end));
    if (slash < end) ++at_;
    auto const with = until(end);
    return pattern.empty() ? text : replaced(text, pattern, with, all);
  }

  std::string substring(std::string const& text, std::size_t end) {
    auto const colon = text_.substr(0, end).find(':', at_);
    auto const offset = number(until(std::min(colon, end)));
    if (colon == npos) return part_of(text, offset, std::nullopt);
    ++at_;
    auto const length = number(until(end));
    return part_of(text, offset, length);
  }

  // The index of the "))" that belongs to the "((" at at_.
  std::size_t closing_parentheses(std::size_t begin) const {
    int depth = 0;
    for (auto i = at_ + 2; i + 1 < text_.size(); ++i) {
      if (text_[i] == '(') ++depth;
      if (text_[i] != ')') continue;
      if (depth == 0 && text_[i + 1] == ')') return i;
      --depth;
    }
    fail(begin, "reached EOF without matching `$((` with `))`");
  }

  std::string arithmetic(std::size_t begin) {
    auto const end = closing_parentheses(begin);
    at_ += 2;
    auto const formula = until(end);
    at_ = end + 2;
    return std::to_string(number(formula));
  }

  std::int64_t number(std::string const& formula) const {
    auto const value = evaluate(formula, [this](std::string const& name) {
      return value_of(name).value_or("");
    });
    if (!value) throw bad_word(fmt::format("not a valid arithmetic expression: {}", formula));
    return *value;
  }

  std::string_view text_;
  config::environment const& variables_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

expanded_word expand_word(std::string_view text, config::environment const& variables) {
  try {
    return {expander(text, variables).expand(), {}};
  } catch (bad_word const& why) {
    return {std::string(text), why.what()};
  }
}

}  // namespace corunner
