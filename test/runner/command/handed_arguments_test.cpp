#include "runner/command/handed_arguments.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <cstdlib>
#include <string>

using namespace corunner;

namespace {

using words = std::vector<std::string>;
constexpr char const* variable = "_GITLAB_RUNNER_HELPER_NATIVE_STEPS_ARGV";

TEST_CASE("a program without arguments takes those that the environment carries, once",
          "[command]") {
  auto const [carried, taken] = GENERATE(table<std::string, words>({
      // ["steps","serve","bash","-l"]
      {"WyJzdGVwcyIsInNlcnZlIiwiYmFzaCIsIi1sIl0=", {"steps", "serve", "bash", "-l"}},
      {"W10=", {}},
      // {"a":1}, [1], not JSON, not base64
      {"eyJhIjoxfQ==", {}},
      {"WzFd", {}},
      {"bm90IGpzb24=", {}},
      {"!!!", {}},
  }));
  CAPTURE(carried);
  ::setenv(variable, carried.c_str(), 1);
  CHECK(with_handed_arguments({}) == taken);
  CHECK(std::getenv(variable) == nullptr);
}

TEST_CASE("arguments of its own come first", "[command]") {
  ::setenv(variable, "WyJzdGVwcyJd", 1);
  CHECK(with_handed_arguments({"--version"}) == words{"--version"});
  ::unsetenv(variable);
  CHECK(with_handed_arguments({}).empty());
}

}  // namespace
