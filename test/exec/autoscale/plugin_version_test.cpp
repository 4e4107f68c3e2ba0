#include "exec/autoscale/plugin_version.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <array>

using namespace corunner::exec;

TEST_CASE("versions have the order of semantic versioning", "[autoscale][version]") {
  // The example of its specification, and more.
  constexpr std::array<std::string_view, 13> rising{
      "0.9.9",        "1.0.0-1",       "1.0.0-9",          "1.0.0-10",
      "1.0.0-alpha",  "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta",
      "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",       "1.0.0",
      "1.10.0"};
  for (std::size_t left = 0; left < rising.size(); ++left) {
    for (std::size_t right = 0; right < rising.size(); ++right) {
      CAPTURE(rising[left], rising[right]);
      auto const one = parse_plugin_version(rising[left]);
      auto const other = parse_plugin_version(rising[right]);
      REQUIRE((one && other));
      CHECK((*one <=> *other) == (left <=> right));
    }
  }
}

TEST_CASE("what is built of a version does not count", "[autoscale][version]") {
  CHECK(parse_plugin_version("1.2.3+linux.1") == parse_plugin_version("1.2.3"));
}

TEST_CASE("what is no whole version is none", "[autoscale][version]") {
  auto const* const text = GENERATE("", "1", "1.2", "1.2.3.4", "v1.2.3", "1.2.x", "01.2.3",
                                    "1.02.3", "1.2.3-", "1.2.3-a..b", "1.2.3-01", "1.2.3-a_b",
                                    "-1.2.3", "1.2.3 ", "99999999999999999999.0.0", "latest");
  CAPTURE(text);
  CHECK_FALSE(parse_plugin_version(text));
}

namespace {

struct matching {
  std::string_view constraint;
  std::string_view version;
  bool expected;
};

}  // namespace

TEST_CASE("a constraint means the versions that begin like it", "[autoscale][version]") {
  auto const each = GENERATE(values<matching>({
      {"latest", "0.1.0", true},
      {"latest", "2.0.0-rc.1", false},
      {"1", "1.0.0", true},
      {"1", "1.99.7", true},
      {"1", "10.0.0", false},
      {"1", "1.2.3-rc.1", false},
      {"0", "0.4.0", true},
      {"1.2", "1.2.9", true},
      {"1.2", "1.20.0", false},
      {"1.2", "1.2.3-rc.1", false},
      {"1.2.3", "1.2.3", true},
      {"1.2.3", "1.2.3+more", true},
      {"1.2.3", "1.2.30", false},
      {"1.2.3", "1.2.3-rc.1", false},
      {"1.2.3-rc.1", "1.2.3-rc.1", true},
      {"1.2.3-rc.1", "1.2.3-rc.2", false},
      {"1.2.3-rc.1", "1.2.3", false},
  }));
  CAPTURE(each.constraint, each.version);
  REQUIRE(is_version_constraint(each.constraint));
  auto const version = parse_plugin_version(each.version);
  REQUIRE(version);
  CHECK(matches(*version, each.constraint) == each.expected);
}
