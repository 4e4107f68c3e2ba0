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

// Longer ones first where one begins like another. `? :` stands between the first two ranks.
constexpr std::array<operation, 20> operations{
    {{"||", 3}, {"&&", 4},  {"==", 8}, {"!=", 8}, {"<<", 10}, {">>", 10}, {"<=", 9},
     {">=", 9}, {"**", 13}, {"<", 9},  {">", 9},  {"|", 5},   {"^", 6},   {"&", 7},
     {"+", 11}, {"-", 11},  {"*", 12}, {"/", 12}, {"%", 12},  {",", 1}}};
constexpr int all_ranks = 1;
constexpr int choice_rank = 2;

std::int64_t wrapped(std::uint64_t value) { return static_cast<std::int64_t>(value); }

std::int64_t power(std::int64_t base, std::int64_t exponent) {
  std::uint64_t out = 1;
  for (auto square = static_cast<std::uint64_t>(base); exponent > 0;
       exponent /= 2, square *= square) {
    if (exponent % 2 == 1) out *= square;
  }
  return wrapped(out);
}

class parser {
 public:
  parser(std::string_view text, std::function<std::string(std::string const&)> const& value_of)
      : text_(text), value_of_(value_of) {}

  std::optional<std::int64_t> all() {
    blanks();
    if (at_ == text_.size()) return 0;
    auto const value = level(all_ranks);
    return at_ == text_.size() ? value : std::nullopt;
  }

 private:
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
      if (rank <= choice_rank && text_.substr(at_).starts_with('?')) {
        left = choice(*left);
        continue;
      }
      auto const* const next = peek();
      if (!next || next->rank < rank) return left;
      at_ += next->text.size();
      left = apply(*next, *left);
    }
    return left;
  }

  std::optional<std::int64_t> choice(std::int64_t condition) {
    ++at_;
    auto const first = unless(condition == 0, all_ranks);
    if (!first || at_ == text_.size() || text_[at_] != ':') return std::nullopt;
    ++at_;
    auto const second = unless(condition != 0, choice_rank);
    if (!second) return std::nullopt;
    return condition != 0 ? first : second;
  }

  // What follows; when it does not count, it may also divide by zero.
  std::optional<std::int64_t> unless(bool skip, int rank) {
    if (++depth_ > most_nested) return std::nullopt;
    skipping_ += skip;
    auto const value = level(rank);
    skipping_ -= skip;
    --depth_;
    return value;
  }

  std::optional<std::int64_t> apply(operation const& what, std::int64_t a) {
    bool const decided = (what.text == "&&" && a == 0) || (what.text == "||" && a != 0);
    bool const from_the_right = what.text == "**";
    auto const b = unless(decided, from_the_right ? what.rank : what.rank + 1);
    return b ? apply(what.text, a, *b) : b;
  }

  std::optional<std::int64_t> apply(std::string_view op, std::int64_t a, std::int64_t b) const {
    auto const left = static_cast<std::uint64_t>(a);
    auto const right = static_cast<std::uint64_t>(b);
    constexpr unsigned width = 64;
    if (op == ",") return b;
    if (op == "||") return a || b;
    if (op == "&&") return a && b;
    if (op == "==") return a == b;
    if (op == "!=") return a != b;
    if (op == "<=") return a <= b;
    if (op == ">=") return a >= b;
    if (op == "<") return a < b;
    if (op == ">") return a > b;
    if (op == "|") return a | b;
    if (op == "^") return a ^ b;
    if (op == "&") return a & b;
    if (op == "<<") return wrapped(left << right % width);
    if (op == ">>") return a >> right % width;
    if (op == "+") return wrapped(left + right);
    if (op == "-") return wrapped(left - right);
    if (op == "*") return wrapped(left * right);
    if (op == "**" && b >= 0) return power(a, b);
    if (b == 0 || op == "**") return skipping_ > 0 ? std::optional<std::int64_t>(0) : std::nullopt;
    if (b == -1) return op == "/" ? wrapped(0 - left) : 0;
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
      auto const value = level(all_ranks);
      if (at_ == text_.size() || text_[at_] != ')') return std::nullopt;
      ++at_;
      return value;
    }
    if (c == '-' || c == '+' || c == '!' || c == '~') {
      ++at_;
      auto const value = single();
      if (!value) return std::nullopt;
      if (c == '!') return !*value;
      if (c == '~') return ~*value;
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
  int skipping_ = 0;
};

}  // namespace

std::optional<std::int64_t> evaluate(
    std::string_view expression, std::function<std::string(std::string const&)> const& value_of) {
  return parser(expression, value_of).all();
}

}  // namespace corunner
