#include "runner/job/expression.hpp"

#include "runner/job/expression_cursor.hpp"
#include "runner/job/expression_values.hpp"
#include "runner/job/words.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace corunner {
namespace {

namespace json = boost::json;
using inputs = std::vector<gitlab::job_input>;

constexpr std::string_view opening = "${{";
constexpr std::string_view closing = "}}";
constexpr int deepest = 100;  // parts within parts

// Operators of two operands from the loosest to the tightest; longer ones before those they begin
// with.
constexpr std::initializer_list<std::string_view> levels[] = {
    {"||"}, {"&&"}, {"==", "!=", "<=", ">=", "<", ">"}, {"+", "-"}, {"*", "/", "%"}};

struct operand {
  enum class kind { plain, job, inputs };  // `job` and `job.inputs` themselves
  json::value value;
  bool sensitive = false;
  kind what = kind::plain;
};

// Evaluates while it reads. After the first fault nothing moves any more; what a logical operator
// does not need is read without being evaluated.
class expression_reader {
 public:
  expression_reader(std::string_view text, inputs const& values) : text_(text), inputs_(values) {}

  std::variant<evaluated, expression_fault> read() {
    auto out = binary(0);
    if (!fault_ && !take(closing)) syntax("expected '}}'");
    if (fault_) return *fault_;
    return evaluated{std::move(out.value), out.sensitive, text_.position()};
  }

 private:
  operand fail(bool is_syntax, std::string message) {
    if (!fault_ && (is_syntax || idle_ == 0)) fault_ = {is_syntax, std::move(message)};
    return {};
  }
  operand syntax(std::string_view what) {
    return fail(true,
                fmt::format("{} at character {} of '{}'", what, text_.position() + 1, shown()));
  }
  operand fault(std::string_view what) {
    return fail(false, fmt::format("{} in '{}'", what, shown()));
  }
  std::string_view shown() const {
    return trim(text_.whole().substr(0, text_.whole().find(closing)));
  }
  bool take(std::string_view what) { return !fault_ && text_.take(what); }
  char peek() { return text_.peek(); }

  operand binary(std::size_t level) {
    if (level == std::size(levels)) return unary();
    auto left = binary(level + 1);
    while (!fault_) {
      auto const op =
          std::ranges::find_if(levels[level], [this](auto const& one) { return take(one); });
      if (op == levels[level].end()) break;
      left = level < 2 ? logical(*op == "||", std::move(left), level)
                       : combine(*op, std::move(left), binary(level + 1));
    }
    return left;
  }

  operand logical(bool is_or, operand left, std::size_t level) {
    bool const decided = is_true(left.value) == is_or;
    idle_ += decided;
    auto right = binary(level + 1);
    idle_ -= decided;
    if (decided) return left;
    right.sensitive |= left.sensitive;
    return right;
  }

  operand combine(std::string_view op, operand left, operand right) {
    bool const sensitive = left.sensitive || right.sensitive;
    if (op.size() == 2 || op == "<" || op == ">") {
      int const found = compare(left.value, right.value);
      bool const is = op == "==" ? found == 0 : op == "!=" ? found != 0 : op == "<" ? found < 0
                    : op == ">" ? found > 0 : op == "<=" ? found <= 0 : found >= 0;
      return {is, sensitive};
    }
    auto out = calculate(op.front(), left.value, right.value);
    if (!out) return fault(fmt::format("these values cannot be combined by '{}'", op));
    return {std::move(*out), sensitive};
  }

  operand unary() {
    char const op = peek();
    if (op != '+' && op != '-' && op != '!') return access(primary());
    if (++depth_ > deepest) return syntax("too deep");
    text_.skip(1);
    auto out = unary();
    --depth_;
    if (op == '!') return {!is_true(out.value), out.sensitive};
    auto const number = as_number(out.value);
    if (!number) return fault(fmt::format("no number after '{}'", op));
    return {op == '-' ? -*number : *number, out.sensitive};
  }

  operand access(operand of) {
    while (!fault_) {
      if (take(".")) {
        auto const name = text_.take_name();
        if (name.empty()) return syntax("expected a name");
        of = member(std::move(of), name);
      } else if (take("[")) {
        auto const index = binary(0);
        if (!take("]")) return syntax("expected ']'");
        bool const secret = index.sensitive;
        auto const* const key = index.value.if_string();
        of = key ? member(std::move(of), *key) : element(of, index.value);
        of.sensitive |= secret;
      } else {
        break;
      }
    }
    return of;
  }

  operand member(operand const& of, std::string_view name) {
    if (of.what == operand::kind::job && name == "inputs") return all_inputs();
    if (of.what == operand::kind::inputs) {
      auto const found = std::ranges::find(inputs_, name, &gitlab::job_input::key);
      if (found == inputs_.end()) return fail(false, fmt::format("unknown input '{}'", name));
      return {found->content, found->sensitive};
    }
    auto const* const object = of.value.if_object();
    auto const* const value = object ? object->if_contains(name) : nullptr;
    if (!value) return fault(fmt::format("there is no '{}'", name));
    return {*value, of.sensitive};
  }

  operand element(operand const& of, json::value const& index) {
    auto const* const items = of.value.if_array();
    auto const number = as_number(index);
    bool const whole = number && *number >= 0 && *number == std::floor(*number);
    if (!items || !whole || *number >= static_cast<double>(items->size())) {
      return fault("there is no such element");
    }
    return {(*items)[static_cast<std::size_t>(*number)], of.sensitive};
  }

  operand primary() {
    char const c = peek();
    if (++depth_ > deepest) return syntax("too deep");
    auto out = c == '('                         ? parenthesised()
               : c == '['                       ? list()
               : c == '{'                       ? object()
               : c == '"'                       ? text()
               : c == '\''                      ? raw_text()
               : expression_cursor::is_digit(c) ? number()
                                                : named();
    --depth_;
    return out;
  }

  operand parenthesised() {
    text_.skip(1);
    auto out = binary(0);
    if (!take(")")) return syntax("expected ')'");
    return out;
  }

  operand number() {
    auto const found = parse_number(text_.take_number());
    return found ? operand{*found} : syntax("expected a number");
  }

  operand raw_text() {
    auto const found = text_.take_raw();
    return found ? operand{json::value(*found)} : syntax("text without end");
  }

  operand text() {
    operand out;
    std::string found;
    text_.skip(1);
    while (!fault_ && !text_.at_end() && !text_.next_is("\"")) {
      if (text_.next_is(opening)) {
        text_.skip(opening.size());
        auto const inner = binary(0);
        if (!take(closing)) return syntax("expected '}}'");
        found += as_text(inner.value);
        out.sensitive |= inner.sensitive;
      } else if (!text_.take_character(found)) {
        return syntax("unknown escape");
      }
    }
    if (text_.at_end()) return syntax("text without end");
    text_.skip(1);
    out.value = found;
    return out;
  }

  operand list() {
    operand out{json::array(), false};
    for (text_.skip(1); !fault_ && !take("]");) {
      auto item = binary(0);
      out.sensitive |= item.sensitive;
      out.value.get_array().push_back(std::move(item.value));
      if (!take(",") && peek() != ']') return syntax("expected ']'");
    }
    return out;
  }

  operand object() {
    operand out{json::object(), false};
    for (text_.skip(1); !fault_ && !take("}");) {
      auto const key = expression_cursor::is_letter(peek())
                           ? operand{json::value(text_.take_name())}
                           : primary();
      if (!take(":")) return syntax("expected ':'");
      auto value = binary(0);
      if (!key.value.is_string()) return fault("a key that is no text");
      out.sensitive |= key.sensitive || value.sensitive;
      out.value.get_object()[key.value.get_string()] = std::move(value.value);
      if (!take(",") && peek() != '}') return syntax("expected '}'");
    }
    return out;
  }

  operand named() {
    if (!expression_cursor::is_letter(peek())) return syntax("expected a value");
    auto const name = text_.take_name();
    if (name == "true" || name == "false") return {json::value(name == "true")};
    if (name == "null") return {};
    if (take("(")) return call(name);
    if (name != "job") return fault(fmt::format("there is no '{}'", name));
    return {json::object(), false, operand::kind::job};
  }

  operand call(std::string_view name) {
    auto const of = binary(0);
    if (!take(")")) return syntax("expected ')'");
    if (name == "str") return {json::value(as_text(of.value)), of.sensitive};
    if (name == "bool") return {is_true(of.value), of.sensitive};
    if (name != "num") return fault(fmt::format("there is no function '{}'", name));
    auto const* const digits = of.value.if_string();
    auto const found = digits ? parse_number(*digits) : as_number(of.value);
    return found ? operand{*found, of.sensitive} : fault("what num() was given is no number");
  }

  operand all_inputs() const {
    operand out{json::object(), false, operand::kind::inputs};
    for (auto const& input : inputs_) {
      out.value.get_object()[input.key] = input.content;
      out.sensitive |= input.sensitive;
    }
    return out;
  }

  expression_cursor text_;
  inputs const& inputs_;
  int depth_ = 0;
  int idle_ = 0;  // within operands that are not needed
  std::optional<expression_fault> fault_;
};

}  // namespace

std::variant<evaluated, expression_fault> evaluate(std::string_view text, inputs const& values) {
  return expression_reader(text, values).read();
}

}  // namespace corunner
