#include "exec/autoscale/plugin_reference.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner::exec;

namespace {

struct reading {
  std::string_view text;
  plugin_reference expected;
};

}  // namespace

TEST_CASE("a plugin is named with or without registry, repository and version",
          "[autoscale][reference]") {
  std::string const home = "registry.gitlab.com";
  std::string const plugins = "gitlab-org/fleeting/plugins";
  auto const each = GENERATE_COPY(values<reading>({
      {"aws", {home, plugins, "aws", "latest"}},
      {"aws:1", {home, plugins, "aws", "1"}},
      {"aws:1.5", {home, plugins, "aws", "1.5"}},
      {"aws:1.5.1", {home, plugins, "aws", "1.5.1"}},
      {"aws:1.5.1-rc.1", {home, plugins, "aws", "1.5.1-rc.1"}},
      {"group/name", {home, "group", "name", "latest"}},
      {"group/sub/name:2", {home, "group/sub", "name", "2"}},
      {"registry.example.com/group/name", {"registry.example.com", "group", "name", "latest"}},
      {"registry.example.com:5000/group/name:1.2",
       {"registry.example.com:5000", "group", "name", "1.2"}},
      {"localhost:5000/group/name", {"localhost:5000", "group", "name", "latest"}},
      {"[::1]:5000/a/name:3", {"[::1]:5000", "a", "name", "3"}},
      {"registry.example.com/name", {"registry.example.com", "", "name", "latest"}},
      {"localhost/name", {home, "localhost", "name", "latest"}},
      {"fleeting-plugin-aws", {home, plugins, "fleeting-plugin-aws", "latest"}},
  }));
  CAPTURE(each.text);
  auto const parsed = parse_plugin_reference(each.text);
  REQUIRE(parsed.has_value());
  CHECK(*parsed == each.expected);
}

TEST_CASE("what could leave the directory of plugins or the registry is no plugin",
          "[autoscale][reference]") {
  auto const* const text =
      GENERATE("", ":", ":1", "/", "/aws", "aws/", "a//b", "..", "../aws", "a/../b", "a/./b",
               ".aws", "aws:", "aws:one", "aws:1.2.3.4", "aws:01", "aws:../x", "aws:1.0/2",
               "aws:latest:1", "aws@sha256:0", "a b", "aws?x", "aws#", "a%2fb", "a\\b",
               "registry.example.com:/a/b", "registry.example.com:port/a/b", "[::1/a/b",
               "user@host.com/a/b", "[]:1/a/b", "[::1]5000/a/b", ":5000/a/b", "::1/a/b");
  CAPTURE(text);
  CHECK_FALSE(parse_plugin_reference(text).has_value());
}

TEST_CASE("a message names the plugin and what is wrong with it", "[autoscale][reference]") {
  CHECK(
      parse_plugin_reference("aws:newest").error().message ==
      "invalid plugin 'aws:newest': version 'newest' is none of latest, MAJOR, MAJOR.MINOR, MAJOR.MINOR.PATCH");
}

TEST_CASE("directories have no upper case letters", "[autoscale][reference]") {
  auto const parsed = parse_plugin_reference("Registry.example.com/Group/AWS");
  REQUIRE(parsed.has_value());
  CHECK(parsed->directory() == "!registry.example.com/!group/!a!w!s");
  CHECK(parsed->text() == "Registry.example.com/Group/AWS:latest");
  CHECK(escape_case("1.0.0-RC1") == "1.0.0-!r!c1");
  CHECK(unescape_case("1.0.0-!r!c1") == "1.0.0-RC1");
  for (auto const* const bad : {"A", "a!", "a!!", "a!1", "!A"}) {
    CAPTURE(bad);
    CHECK(unescape_case(bad) == "");
  }
}
