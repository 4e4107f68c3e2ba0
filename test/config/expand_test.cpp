#include "config/expand.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

TEST_CASE("variables are expanded by name, in braces, and by one character", "[config][expand]") {
  auto const variables = [](std::string_view name) -> std::optional<std::string> {
    if (name == "A") return "one";
    if (name == "A_1") return "two";
    if (name == "odd name") return "odd";
    if (name == "LOOP") return "$A";
    return std::nullopt;
  };
  auto const [text, expanded] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"plain", "plain"},
      {"$A", "one"},
      {"${A}", "one"},
      {"x$A.y", "xone.y"},
      {"$A_1", "two"},
      {"${A}_1", "one_1"},
      {"${odd name}", "odd"},
      {"$UNSET.", "."},
      {"$LOOP", "$A"},
      {"a$$b", "ab"},
      {"$1A", "A"},
      {"100$", "100$"},
      {"$ x", "$ x"},
      {"$/x", "$/x"},
  }));
  CAPTURE(text);
  CHECK(config::expand(text, variables) == expanded);
}
