#include "exec/script/quoting.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <string>
#include <tuple>

namespace corunner::exec {
namespace {

using namespace std::string_literals;

TEST_CASE("ANSI-C quoting leaves plain words bare and names every other byte", "[exec][script]") {
  auto const [input, expected] = GENERATE(table<std::string, std::string>({
      {"VALUE", "VALUE"},
      {"", "''"},
      {"a,b-c./@_9", "a,b-c./@_9"},
      {"the secret", "$'the secret'"},
      {"it's", "$'it\\'s'"},
      {"a\n\xc3\xa9", "$'a\\n\\xc3\\xa9'"},
      {"\a\b\t\n\v\f\r", "$'\\a\\b\\t\\n\\v\\f\\r'"},
      {"back\\slash", "$'back\\\\slash'"},
      {"! \"#$%&()*+:;<=>?[]^`{|}~", "$'! \"#$%&()*+:;<=>?[]^`{|}~'"},
      {"\x01\x1b\x7f\xff", "$'\\x01\\x1b\\x7f\\xff'"},
      {"a\0b"s, "$'a\\x00b'"},
  }));
  CHECK(quote_ansi_c(input) == expected);
}

TEST_CASE("POSIX quoting puts double quotes around whatever a shell could read", "[exec][script]") {
  auto const [input, expected] = GENERATE(table<std::string, std::string>({
      {"VALUE", "VALUE"},
      {"", "''"},
      {"two words", "\"two words\""},
      {"`tick` \"q\" \\ $X", "\"\\`tick\\` \\\"q\\\" \\\\ \\$X\""},
      {"a;b", "\"a;b\""},
      {"it's", "\"it's\""},
      {"~", "\"~\""},
      {"a\nb", "\"a\nb\""},
      {"\x1b[0m", "\"\x1b[0m\""},
  }));
  CHECK(quote_posix(input) == expected);
}

TEST_CASE("a path keeps its dollars active and nothing else", "[exec][script]") {
  CHECK(quote_path("$PWD/a b") == "\"$PWD/a b\"");
  CHECK(quote_path("a\"b\\c") == "\"a\\\"b\\\\c\"");
}

}  // namespace
}  // namespace corunner::exec
