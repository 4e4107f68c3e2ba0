#include "runner/gitlab/short_token.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner::gitlab;

TEST_CASE("a token is shown without its prefix and by nine bytes at most",
          "[gitlab][short_token]") {
  auto const& [token, shown] = GENERATE(table<std::string, std::string>({
      {"glrt-observed0runner0token", "observed0"},
      {"glrt-t1_abcdefghijkl", "abcdefghi"},
      {"glrt-t3_abc", "abc"},
      {"glrt-t4_abcdefg", "t4_abcdef"},
      {"t2_abcdefghijkl", "abcdefghi"},
      {"glrtr-abcdefghijkl", "abcdefghi"},
      {"glcbt-64_abcdefghij", "64_abcdef"},
      {"GR1348941abcdefghijkl", "abcdefghi"},
      {"GR13489xxabcdefghijkl", "GR13489xx"},
      {"abcdefghijkl", "abcdefghi"},
      {"", ""},
  }));
  CAPTURE(token);
  CHECK(short_token(token) == shown);
}
