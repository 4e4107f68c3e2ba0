#include "runner/artifact/arithmetic.hpp"

#include <array>
#include <cctype>
#include <charconv>

namespace corunner {
namespace {

constexpr int most_nested = 50;

struct operation {
  std::string_view text;
  int rank;
};

// Longer ones first where one begins like another.
constexpr std::array<operation, 13> operations{{{"||", 1}, {"&&", 2}, {"==", 3}, {"!=", 3},
                                                {"<=", 4}, {">=", 4}, {"<", 4},  {">", 4},
                                                {"+", 5},  {"-", 5},  {"*", 6},  {"/", 6},
                                                {"%", 6}}};

class parser {
 public:
  parser(std::string_view text, std::function<std::string(std::string const&)> const& value_of)
      : text_(text), value_of_(value_of) {}

  std::optional<std::int64_t> all() {
    blanks();
    if (at_ == text_.size()) return 0;
    auto const value = level(1);
    return at_ == text_.size() ? value : std::nullopt;
  }

 private:
  using number = std::uint64_t;  // wraps, as the shell's does

  void blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }

  operation const* peek() const {
    for (auto const& each : operations) {
      if (text_.substr(at_).starts_with(each.text)) return &each;
    }
    return nullptr;
  }

  std::optional<std::int64_t> level(int rank) {
    auto left = single();
    while (left) {
      auto const* const next = peek();
      if (!next || next->rank < rank) return left;
      at_ += next->text.size();
      auto const right = level(next->rank + 1);
      if (!right) return std::nullopt;
      left = apply(next->text, *left, *right);
    }
    return left;
  }

  static std::optional<std::int64_t> apply(std::string_view op, std::int64_t a, std::int64_t b) {
    auto const wrap = [](number value) { return static_cast<std::int64_t>(value); };
    if (op == "||") return a || b;
    if (op == "&&") return a && b;
    if (op == "==") return a == b;
    if (op == "!=") return a != b;
    if (op == "<=") return a <= b;
    if (op == ">=") return a >= b;
    if (op == "<") return a < b;
    if (op == ">") return a > b;
    if (op == "+") return wrap(static_cast<number>(a) + static_cast<number>(b));
    if (op == "-") return wrap(static_cast<number>(a) - static_cast<number>(b));
    if (op == "*") return wrap(static_cast<number>(a) * static_cast<number>(b));
    if (b == 0) return std::nullopt;
    if (b == -1) return op == "/" ? wrap(0 - static_cast<number>(a)) : 0;
    return op == "/" ? a / b : a % b;
  }

  std::optional<std::int64_t> single() {
    blanks();
    if (at_ == text_.size() || ++depth_ > most_nested) return std::nullopt;
    auto const value = operand();
    --depth_;
    blanks();
    return value;
  }

  std::optional<std::int64_t> operand() {
    char const c = text_[at_];
    if (c == '(') {
      ++at_;
      auto const value = level(1);
      if (at_ == text_.size() || text_[at_] != ')') return std::nullopt;
      ++at_;
      return value;
    }
    if (c == '-' || c == '+' || c == '!') {
      ++at_;
      auto const value = single();
      if (!value) return std::nullopt;
      if (c == '!') return !*value;
      return c == '-' ? apply("-", 0, *value) : value;
    }
    auto const begin = at_;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_'))
      ++at_;
    return word(text_.substr(begin, at_ - begin));
  }

  std::optional<std::int64_t> word(std::string_view text) const {
    if (text.empty()) return std::nullopt;
    if (std::isdigit(static_cast<unsigned char>(text[0]))) return literal(text);
    auto const value = value_of_(std::string(text));
    return value.empty() ? 0 : literal(value);
  }

  static std::optional<std::int64_t> literal(std::string_view text) {
    bool const negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    int const base = text.starts_with("0x") || text.starts_with("0X") ? 16
                     : text.starts_with('0')                          ? 8
                                                                      : 10;
    if (base == 16) text.remove_prefix(2);
    std::int64_t value = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return negative ? -value : value;
  }

  std::string_view text_;
  std::function<std::string(std::string const&)> const& value_of_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

std::optional<std::int64_t> evaluate(
    std::string_view expression, std::function<std::string(std::string const&)> const& value_of) {
  return parser(expression, value_of).all();
}

}  // namespace corunner
