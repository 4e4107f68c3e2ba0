#include "runner/trace/hide_phrases.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

TEST_CASE("phrases of a line are hidden, short ones and lines without are left", "[trace][mask]") {
  struct row {
    std::vector<std::string> phrases;
    std::string text;
    std::optional<std::string> out;
  };
  auto const& [phrases, text, out] = GENERATE(values<row>({
      {{"secret"}, "a secret b", "a [MASKED] b"},
      {{"secret"}, "secretsecret", "[MASKED][MASKED]"},
      {{"secret", "secrets-1"}, "my secrets-1 secret", "my [MASKED] [MASKED]"},
      {{"abcabc"}, "xabcabcabcx", "x[MASKED]x"},
      {{"abcde", "cdefghi"}, "abcdefghi", "[MASKED]"},
      {{"bcdef", "abcdefgh"}, "abcdef abcdefgh", "a[MASKED] [MASKED]"},
      {{"secret"}, "nothing", std::nullopt},
      {{"secret"}, "", std::nullopt},
      {{"a", "at"}, "a cat", std::nullopt},
      {{"a", "secret"}, "a secret", "a [MASKED]"},
      {{}, "nothing", std::nullopt},
  }));
  CAPTURE(phrases, text);
  CHECK(hide_phrases(phrase_automaton(phrases), text, 5) == out);
}
