#include "runner/artifact/expand_word.hpp"

#include "runner/artifact/arithmetic.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>

#include <map>

namespace corunner {
namespace {

std::optional<std::string> variable(std::string_view name) {
  static std::map<std::string, std::string, std::less<>> const set{
      {"V", "value"}, {"EMPTY", ""}, {"N", "7"}, {"PATH_", "src/lib/a.tar.gz"},
      {"NAME", "V"}, {"U", "m\xc3\xbc" "de"}};
  auto const found = set.find(name);
  return found == set.end() ? std::nullopt : std::optional(found->second);
}

TEST_CASE("words are expanded as a shell does between double quotes", "[artifact]") {
  auto const [text, expected] = GENERATE(table<std::string, std::string>({
      {"plain *.txt", "plain *.txt"},
      {"$V/x", "value/x"},
      {"${V}x", "valuex"},
      {"$UNSET-x", "-x"},
      {"a$", "a$"},
      {"$ 5", "$ 5"},
      {"\"$V\" '$V'", "\"value\" 'value'"},
      {"\\$V \\\\ \\*", "$V \\ \\*"},
      {"${UNSET:-d}", "d"},
      {"${EMPTY:-d}${EMPTY-d}${EMPTY+set}", "dd"},
      {"${UNSET:-${V}}", "value"},
      {"${V:+yes}${UNSET:+no}", "yes"},
      {"${V:=x}${V=x}", "valuevalue"},
      {"${UNSET:-'a b'}${UNSET:-\"c\"}", "a bc"},
      {"${!NAME}${!V*}${!V@}", "value"},
      {"a$-b$$c$1$10$@$*$#$?$!.", "abc0."},
      {"${1}${10}${@}${0:-d}${#1}", "d0"},
      {"a\r\nb\r", "a\nb\r"},
      {"${#V}${#U}", "54"},
      {"${U:1:1}${U: -1}", "\xc3\xbc" "e"},
      {"${PATH_#*/}", "lib/a.tar.gz"},
      {"${PATH_##*/}", "a.tar.gz"},
      {"${PATH_%.*}", "src/lib/a.tar"},
      {"${PATH_%%.*}", "src/lib/a"},
      {"${V/a/A}", "vAlue"},
      {"${PATH_//a/_}", "src/lib/_.t_r.gz"},
      {"${V:1:3}", "alu"},
      {"${V: -2}", "ue"},
      {"${V^}${V^^}${V^^[ae]}", "ValueVALUEvAluE"},
      {"${V,,}", "value"},
      {"$((N * (2 + 1)))", "21"},
  }));
  CAPTURE(text);
  auto const word = expand_word(text, variable);
  CHECK(word.failure.empty());
  CHECK(word.value == expected);
}

TEST_CASE("what cannot be expanded stays and is told", "[artifact]") {
  auto const [text, why] = GENERATE(table<std::string, std::string>({
      {"$(id)", "unexpected command substitution at 1:1"},
      {"x$(id)y", "unexpected command substitution at 1:2"},
      {"`id`", "unexpected command substitution at 1:1"},
      {"${", "1:3: invalid parameter name"},
      {"${V", "1:1: reached EOF without matching `${` with `}`"},
      {"${V@Q}", "1:4: not a valid parameter expansion operator"},
      {"${UNSET:?is needed}", "UNSET: is needed"},
      {"${UNSET:=x}", "environment is read-only"},
      {"${!UNSET}", "invalid indirect expansion"},
      {"${V:}", "1:4: `:` must be followed by an expression"},
      {"$((1/0))", "not a valid arithmetic expression: 1/0"},
  }));
  CAPTURE(text);
  auto const word = expand_word(text, variable);
  CHECK(word.failure == why);
  CHECK(word.value == text);
}

TEST_CASE("deep nesting is refused instead of followed", "[artifact]") {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "${X:-";
  text += std::string(10'000, '}');
  CHECK_FALSE(expand_word(text, variable).failure.empty());
  std::string choices = "$((";
  for (int i = 0; i < 100'000; ++i) choices += "1?";
  CHECK_FALSE(expand_word(choices + "))", variable).failure.empty());
}

TEST_CASE("arithmetic follows C's order of operations", "[artifact]") {
  auto const [text, expected] = GENERATE(table<std::string, std::optional<std::int64_t>>({
      {"1 + 2 * 3", 7},
      {"(1 + 2) * 3", 9},
      {"10 - 2 - 3", 5},
      {"7 / 2", 3},
      {"-7 % 4", -3},
      {"1 < 2 && 2 < 1", 0},
      {"!0", 1},
      {"0x10 + 010", 24},
      {"", 0},
      {"UNSET", 0},
      {"2 ** 3 ** 2", 512},
      {"2 ** 0", 1},
      {"-2 ** 2", 4},
      {"1 ? 2 : 3", 2},
      {"0 ? 2 : 0 ? 4 : 5", 5},
      {"1 ? 2 ? 3 : 4 : 5", 3},
      {"1, 2 + 3", 5},
      {"6 & 3 | 8 ^ 1", 11},
      {"~5", -6},
      {"1 << 4 >> 2", 4},
      {"1 + 1 << 1", 4},
      {"0 && 1 / 0", 0},
      {"1 || 1 / 0", 1},
      {"1 ? 2 : 1 / 0", 2},
      {"3 & 2 == 2", 1},
      {"2 ** -1", std::nullopt},
      {"1 ? 2", std::nullopt},
      {"1 ? : 2", std::nullopt},
      {"0 || 1 / 0", std::nullopt},
      {"1 +", std::nullopt},
      {"(1", std::nullopt},
      {"1 2", std::nullopt},
      {"5 % 0", std::nullopt},
  }));
  CAPTURE(text);
  CHECK(evaluate(text, [](std::string const&) { return std::string(); }) == expected);
}

}  // namespace
}  // namespace corunner
