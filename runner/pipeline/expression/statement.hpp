#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace corunner::pipeline::expression {

// What an operand evaluates to: nil, a boolean, or a string.
using value = std::variant<std::monostate, bool, std::string>;

// Finds the value of a variable as it was defined; nothing when it is not defined.
using lookup = std::function<std::optional<std::string>(std::string_view)>;

class parser;

// A parsed condition (`rules:if`, `only:variables`, `include:rules:if`). A value; cheap to copy.
//
// Semantics, quirks included, are those of GitLab: spec/local-pipelines.md section 7.1.
class statement {
 public:
  // Whether the condition holds. A pattern that came out of a variable and is not a valid regular
  // expression makes the whole condition false.
  bool holds(lookup const& variables) const;

  // The value of the whole expression; nothing after such a bad pattern.
  std::optional<value> evaluate(lookup const& variables) const;

  // Names of the variables that it looks at.
  std::vector<std::string> variables() const;

 private:
  friend class parser;
  enum class operation {
    variable,
    string,
    pattern,
    constant,
    negate,
    equals,
    not_equals,
    matches,
    not_matches,
    both,
    either,
  };
  struct part {
    operation op;
    std::string text;           // variable name, string, pattern
    value constant;             // null, true, false
    std::size_t left = 0;   // places in parts_
    std::size_t right = 0;
  };
  class run;

  std::vector<part> parts_;  // operands before operators, the root is last
};

struct parsed {
  std::optional<statement> result;
  std::string error;  // why there is none
};

parsed parse(std::string_view text);

// Whether `text` has the form `/.../flags`, and then whether it is a valid RE2 pattern.
bool looks_like_pattern(std::string_view text);

// Searches `text` for a pattern of the form `/.../flags`; nothing when it is not a valid one.
std::optional<bool> search(std::string_view text, std::string_view pattern);

}  // namespace corunner::pipeline::expression
