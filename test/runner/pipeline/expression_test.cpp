#include "runner/pipeline/expression/lexer.hpp"
#include "runner/pipeline/expression/statement.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <map>
#include <span>

namespace corunner::pipeline::expression {
namespace {

std::optional<std::string> look_up(std::string_view name) {
  static std::map<std::string, std::string, std::less<>> const variables{
      {"SET", "value"},     {"EMPTY", ""},          {"BLANK", " \t"},       {"FALSE", "false"},
      {"ZERO", "0"},        {"RE", "/va.ue/"},      {"RE_I", "/VALUE/i"},   {"BAD_RE", "/(ab/"},
      {"PART", "my value!"}, {"NESTED", "$SET"},    {"BRANCH", "feature/x"}, {"TRUE", "true"},
      {"LINES", "one\ntwo"}, {"SLASHES", "a/b"},    {"1", "digit"},
  };
  auto const found = variables.find(name);
  if (found == variables.end()) return std::nullopt;
  return found->second;
}

struct row {
  char const* text;
  bool holds;
};

void check(std::span<row const> rows) {
  for (row const& r : rows) {
    CAPTURE(r.text);
    parsed const got = parse(r.text);
    INFO(got.error);
    REQUIRE(got.result);
    CHECK(got.result->holds(look_up) == r.holds);
  }
}

TEST_CASE("a variable is true when it is set and not blank", "[pipeline][expression]") {
  constexpr row rows[]{{"$SET", true},   {"$UNSET", false}, {"$EMPTY", false}, {"$BLANK", false},
                       {"$FALSE", true}, {"$ZERO", true},   {"\"\"", false},   {"'x'", true},
                       {"true", true},   {"false", false},  {"null", false},   {"$1", true}};
  check(rows);
}

TEST_CASE("comparison is of exact text, and nil equals only nil", "[pipeline][expression]") {
  constexpr row rows[]{
      {"$SET == \"value\"", true},
      {"$SET == 'value'", true},
      {"\"value\" == $SET", true},
      {"$SET == \"Value\"", false},
      {"$SET != \"other\"", true},
      {"$SET==\"value\"", true},
      {"$UNSET == null", true},
      {"$UNSET != null", false},
      {"$EMPTY == null", false},
      {"$EMPTY == \"\"", true},
      {"$UNSET == \"\"", false},
      {"$UNSET == $OTHER", true},
      {"$SET == null", false},
      {"$TRUE == true", false},
      {"$TRUE == \"true\"", true},
      {"true == true", true},
      {"$NESTED == \"$SET\"", true},
      {"$NESTED == \"value\"", false},
      {"$SET == \"value\" == true", true},
  };
  check(rows);
}

TEST_CASE("&& and || look at nil, not at emptiness", "[pipeline][expression]") {
  constexpr row rows[]{
      {"$SET && $ZERO", true},
      {"$SET && $UNSET", false},
      {"$UNSET && $SET", false},
      {"$EMPTY && $SET", true},   // an empty string is not nil: the right side decides
      {"$SET && $EMPTY", false},
      {"$UNSET || $SET", true},
      {"$EMPTY || $SET", false},  // the empty string wins, and is false
      {"$SET || $UNSET", true},
      {"$UNSET || $OTHER", false},
      {"$UNSET == null || $SET == \"x\"", true},
      {"$SET == \"value\" && $UNSET == null", true},
      {"$UNSET && $SET || $SET", true},
      {"$SET || $UNSET && $UNSET", true},
      {"($SET || $UNSET) && $UNSET", false},
      {"$SET &&\n  $ZERO\n", true},
  };
  check(rows);
}

TEST_CASE("! is true of nil, false and blank", "[pipeline][expression]") {
  constexpr row rows[]{{"!$UNSET", true},  {"!$SET", false},          {"!$EMPTY", true},
                       {"!!$SET", true},   {"!($SET == \"x\")", true}, {"!$UNSET && $SET", true},
                       {"! $BLANK", true}, {"!false", true}};
  check(rows);
}

TEST_CASE("patterns are searched anywhere, with their flags", "[pipeline][expression]") {
  constexpr row rows[]{
      {"$SET =~ /al/", true},
      {"$SET =~ /^al/", false},
      {"$SET =~ /^val/", true},
      {"$SET =~ /VALUE/", false},
      {"$SET =~ /VALUE/i", true},
      {"$SET !~ /VALUE/", true},
      {"$SET !~ /value/", false},
      {"$UNSET =~ /xy/", false},
      {"$UNSET !~ /xy/", true},
      {"$UNSET =~ /^$/", true},
      {"$BRANCH =~ /^feature\\/x$/", true},
      {"$SLASHES =~ /a\\/b/", true},
      {"$LINES =~ /^two/", false},
      {"$LINES =~ /^two/m", true},
      {"$LINES =~ /one.two/", false},
      {"$LINES =~ /one.two/s", true},
      {"$SET =~ /(va|xx)l/ && $SET", true},
      {"$SET =~ /va/ && $BRANCH =~ /fea/", true},
      {"\"text\" =~ /ex/", true},
  };
  check(rows);
}

TEST_CASE("a variable on the right is a pattern or a text to search in", "[pipeline][expression]") {
  constexpr row rows[]{
      {"$SET =~ $RE", true},      {"$SET =~ $RE_I", true},    {"$SET !~ $RE", false},
      {"$SET =~ $PART", true},    {"$PART =~ $SET", false},   {"$UNSET =~ $PART", true},
      {"$SET =~ $UNSET", false},  {"$SET !~ $UNSET", true},   {"$SET =~ null", false},
      {"$SET =~ $BAD_RE", false}, {"$SET !~ $BAD_RE", false}, {"$SET || $SET =~ $BAD_RE", true},
      {"$UNSET || $SET !~ $BAD_RE", false},
  };
  check(rows);
}

TEST_CASE("what is no expression is a syntax error", "[pipeline][expression]") {
  struct wrong {
    char const* text;
    char const* error;
  };
  constexpr wrong rows[]{
      {"", "the expression is empty"},
      {"  ", "the expression is empty"},
      {"${SET}", "write '$NAME', '${NAME}' is not allowed in expressions"},
      {"$[[ inputs.x ]]", "'$[[ ]]' is not supported yet"},
      {"$SET =~ /a/", "a regular expression needs at least two characters and a closing '/'"},
      {"$SET =~ /abc", "a regular expression needs at least two characters and a closing '/'"},
      {"$SET =~ /(ab/", "invalid regular expression /(ab/"},
      {"$SET =~ /(?=ab)/", "invalid regular expression /(?=ab)/"},
      {"\"open", "unterminated string"},
      {"$SET ==", "an operand is missing at the end"},
      {"== $SET", "an operand is missing"},
      {"$SET $EMPTY", "an operator is missing"},
      {"($SET", "')' is missing"},
      {"$SET)", "an operator is missing"},
      {"$SET = \"x\"", "unexpected '= \"x\"'"},
      {"word", "unexpected 'word'"},
      {"nullable", "unexpected 'nullable'"},
      {"$SET & $EMPTY", "unexpected '& $EMPTY'"},
  };
  for (wrong const& r : rows) {
    CAPTURE(r.text);
    parsed const got = parse(r.text);
    CHECK_FALSE(got.result);
    CHECK(got.error == r.error);
  }
}

TEST_CASE("at most a hundred tokens", "[pipeline][expression]") {
  std::string text = "$A";
  for (int i = 0; i < 49; ++i) text += " || $A";  // 99 tokens
  CHECK(parse(text).result);
  CHECK(parse("!" + text).result);
  CHECK(parse("!!" + text).error == "more than 100 tokens");
}

TEST_CASE("an expression names its variables", "[pipeline][expression]") {
  CHECK(parse("$A == $B || ($C && $A)").result->variables() ==
        std::vector<std::string>{"A", "B", "C", "A"});
}

}  // namespace
}  // namespace corunner::pipeline::expression
