// Feeds arbitrary bytes to the expressions of `rules:if`, to variable expansion and to globs.
//
// Beyond not crashing: evaluating is a function of its input, an expression that parses parses
// again with more space around it, and expansion does not touch what holds no reference.
#include "runner/pipeline/entry/reader.hpp"
#include "runner/pipeline/expression/statement.hpp"
#include "runner/pipeline/glob.hpp"
#include "runner/pipeline/variable.hpp"
#include "runner/pipeline/yaml/scalar.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace corunner::pipeline;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_expression(std::string_view text, variable_list const& variables) {
  expression::lookup const look_up = [&](std::string_view name) { return variables.value(name); };
  expression::parsed const parsed = expression::parse(text);
  require(parsed.result.has_value() == parsed.error.empty());
  if (!parsed.result) return;
  bool const holds = parsed.result->holds(look_up);
  require(parsed.result->holds(look_up) == holds);
  std::string const padded = " \n" + std::string(text) + "\t ";
  expression::parsed const again = expression::parse(padded);
  require(again.result && again.result->holds(look_up) == holds);
}

void check_variables(std::string_view text, variable_list variables) {
  if (text.find_first_of("$%") == std::string_view::npos) {
    require(expand(text, variables, undefined_reference::blank) == text);
  }
  std::string const kept = expand(text, {}, undefined_reference::keep);
  require(kept == text);
  variables.set("A", text);
  variables.set("B", "$A$A");
  variables.set("C", "$B$B");
  sorted_expansion const all = expand_all(variables);
  require(all.variables.items().size() == variables.items().size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  variable_list variables;
  variables.set("SET", "value");
  variables.set("EMPTY", "");
  variables.set("RE", "/va.*e/");
  variables.set("TEXT", text);
  check_expression(text, variables);
  check_variables(text, variables);
  (void)glob(text).matches("a/b.c");
  (void)entry::parse_duration(text);
  yaml::scalar const scalar = yaml::resolve_plain(text);
  require(scalar.type != yaml::kind::string || scalar.text == text);
  return 0;
}
