#include "runner/job/expression.hpp"

#include "runner/job/expression_values.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

namespace {

std::vector<gitlab::job_input> const inputs{
    {.key = "name", .type = "string", .content = "fred"},
    {.key = "empty", .type = "string", .content = ""},
    {.key = "count", .type = "number", .content = 3},
    {.key = "verbose", .type = "boolean", .content = false},
    {.key = "tags", .type = "array", .content = boost::json::parse(R"(["one","two"])")},
    {.key = "where",
     .type = "struct",
     .content = boost::json::parse(R"({"line-1":"x","n":{"m":1}})")},
    {.key = "password", .type = "string", .content = "s3cr3t", .sensitive = true}};

// The value as text, or "syntax: ..." or "fault: ...".
std::string value_of(std::string const& expression) {
  auto const found = evaluate(expression + " }} and more", inputs);
  if (auto const* const fault = std::get_if<expression_fault>(&found)) {
    return (fault->syntax ? "syntax: " : "fault: ") + fault->message;
  }
  auto const& good = std::get<evaluated>(found);
  CHECK(good.length == expression.size() + 3);
  return as_text(good.value);
}

}  // namespace

TEST_CASE("expressions come to what GitLab's documentation says", "[job][inputs]") {
  auto const [expression, expected] = GENERATE(table<std::string, std::string>({
      {"null", "<null>"},
      {"true", "true"},
      {"1.5e3", "1500"},
      {"2E-4", "0.0002"},
      {"3.14", "3.14"},
      {R"("a\tb\u00e9\"\${{ x }}")", "a\tb\u00e9\"${{ x }}"},
      {R"("in ${{ job.inputs.count + 1 }} days")", "in 4 days"},
      {R"('It\'s \n ${{ no }}')", "It's \\n ${{ no }}"},
      {"2 + 3 * 4", "14"},
      {"(2 + 3) * 4", "20"},
      {"10 - 4 - 3", "3"},
      {"10 % 4", "2"},
      {"-7 % 3", "-1"},
      {"10 / 4", "2.5"},
      {"-job.inputs.count", "-3"},
      {"+5", "5"},
      {"!true", "false"},
      {"!0", "true"},
      {R"("a" + 'b')", "ab"},
      {R"(1 == "1")", "false"},
      {"1 != 2", "true"},
      {"2 <= 2", "true"},
      {R"("b" > "a")", "true"},
      {"false < true", "true"},
      {"[1, 2] == [1, 2]", "true"},
      {"[1, 2] < [1, 3]", "true"},
      {"{a: 1, b: 2} == {b: 2, a: 1}", "true"},
      {"null == null", "true"},
      {R"(job.inputs.empty || "default")", "default"},
      {R"(job.inputs.name || "default")", "fred"},
      {R"(job.inputs.verbose && "-v" || "")", ""},
      {R"(true && "-v" || "")", "-v"},
      {"false && job.inputs.nothing", "false"},
      {"1 || 1 / 0", "1"},
      {"[1, \"a\", [true],]", "[1,\"a\",[true]]"},
      {"[]", "[]"},
      {"{}", "{}"},
      {"{name: 'x', ('k' + '1'): null}", "{\"name\":\"x\",\"k1\":null}"},
      {"job.inputs.tags[1]", "two"},
      {"job.inputs.tags[0 + 0]", "one"},
      {R"(job.inputs.where["line-1"])", "x"},
      {"job.inputs.where.n.m + 1", "2"},
      {R"(job.inputs["name"])", "fred"},
      {"[1, 2][1]", "2"},
      {"{a: {b: 7}}.a.b", "7"},
      {"str(42) + \"!\"", "42!"},
      {"str(null)", "<null>"},
      {"num(\"3.14\") * 2", "6.28"},
      {"bool(\"\")", "false"},
      {"bool([0])", "true"},
      {"bool({})", "false"},
  }));
  CAPTURE(expression);
  CHECK(value_of(expression) == expected);
}

TEST_CASE("what is no expression is told with its place, what has no value with its text",
          "[job][inputs]") {
  auto const [expression, expected] = GENERATE(table<std::string, std::string>({
      {"", "syntax: expected a value at character 2 of ''"},
      {"1 +", "syntax: expected a value at character 5 of '1 +'"},
      {"job.", "syntax: expected a name at character 5 of 'job.'"},
      {"(1", "syntax: expected ')' at character 4 of '(1'"},
      {"1 2", "syntax: expected '}}' at character 3 of '1 2'"},
      {"false && (", "syntax: expected a value at character 12 of 'false && ('"},
      {"\"a\" + 1", "fault: these values cannot be combined by '+' in '\"a\" + 1'"},
      {"1 / 0", "fault: these values cannot be combined by '/' in '1 / 0'"},
      {"nobody", "fault: there is no 'nobody' in 'nobody'"},
      {"job.inputs.nothing", "fault: unknown input 'nothing'"},
      {"job.inputs.tags[2]", "fault: there is no such element in 'job.inputs.tags[2]'"},
      {"job.inputs.name.x", "fault: there is no 'x' in 'job.inputs.name.x'"},
      {"num(\"x\")", "fault: what num() was given is no number in 'num(\"x\")'"},
      {"shell(1)", "fault: there is no function 'shell' in 'shell(1)'"},
  }));
  CAPTURE(expression);
  CHECK(value_of(expression) == expected);
}

TEST_CASE("an expression that a sensitive input went into is sensitive", "[job][inputs]") {
  auto const [expression, sensitive] = GENERATE(table<std::string, bool>({
      {"job.inputs.password", true},
      {"\"x\" + job.inputs.password", true},
      {"str(job.inputs)", true},
      {"[job.inputs.password][0]", true},
      {"\"${{ job.inputs.password }}\"", true},
      {"job.inputs.password == \"x\"", true},
      {"job.inputs.password && \"set\"", true},
      {"job.inputs.name", false},
      {"job.inputs.name || job.inputs.password", false},
  }));
  CAPTURE(expression);
  auto const found = evaluate(expression + "}}", inputs);
  REQUIRE(std::holds_alternative<evaluated>(found));
  CHECK(std::get<evaluated>(found).sensitive == sensitive);
}

TEST_CASE("an expression of parts within parts ends somewhere", "[job][inputs]") {
  for (char const c : {'(', '[', '!', '-'}) {
    CAPTURE(c);
    CHECK(value_of(std::string(100'000, c)).starts_with("syntax: "));
  }
}
