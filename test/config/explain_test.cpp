#include "config/explain.hpp"

#include "config/reading.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

namespace {

constexpr std::string_view file =
    "Concurrent = 4\n"
    "sentry_dsn = \"https://key@sentry.test/1\"\n"
    "[[runners]]\n"
    "name = \"first\"\n"
    "url = \"https://$HOST/\"\n"
    "token = \"${TOKEN}\"\n"
    "environment = [\"PASSWORD=hidden\", \"hidden\"]\n"
    "[runners.docker]\n"
    "image = \"ruby\"\n"
    "[[runners]]\n"
    "name = \"se.cond\"\n"
    "limit = 2\n"
    "[runners.autoscaler.plugin_config]\n"
    "key = \"hidden\"\n";

std::optional<std::string> variable(std::string_view name) {
  if (name == "HOST") return "gitlab.test";
  if (name == "TOKEN") return "glrt-hidden";
  return std::nullopt;
}

// "path = value @line" of each fact.
std::vector<std::string> explained(std::string_view key) {
  config::positions where;
  auto const read = config::inspect(file, variable, &where);
  REQUIRE(read.has_value());
  auto const steps = config::parse_key(key);
  REQUIRE(steps.has_value());
  std::vector<std::string> lines;
  for (auto const& each : config::facts_of(read->values, where, *steps)) {
    auto line = each.path + " = " + each.value + " @" + std::to_string(each.where.line);
    for (auto const& name : each.variables) line += " $" + name;
    lines.push_back(std::move(line));
  }
  return lines;
}

using lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a value is told with the line it stands in, a default without", "[config][explain]") {
  CHECK(explained("concurrent") == lines{"concurrent = 4 @1"});
  CHECK(explained("check_interval") == lines{"check_interval = 0 @0"});
  CHECK(explained("log_level") == lines{"log_level = unset @0"});
}

TEST_CASE("entries are chosen by number, by name, or all", "[config][explain]") {
  CHECK(explained("runners.name") ==
        lines{"runners[0].name = \"first\" @4", "runners[1].name = \"se.cond\" @11"});
  CHECK(explained("RUNNERS[1].Limit") == lines{"runners[1].limit = 2 @12"});
  CHECK(explained("runners[se.cond].limit") == lines{"runners[1].limit = 2 @12"});
  CHECK(explained("runners.docker.image") == lines{"runners[0].docker.image = \"ruby\" @9"});
  CHECK(explained("runners[1].docker.image").empty());
  CHECK(explained("runners[7]").empty());
  CHECK(explained("session_server").size() == 3);
}

TEST_CASE("an expanded value names its variables, and no secret is shown", "[config][explain]") {
  CHECK(explained("runners[0].url") == lines{"runners[0].url = \"https://gitlab.test/\" @5 $HOST"});
  CHECK(explained("runners[0].token") == lines{"runners[0].token = \"[MASKED]\" @6 $TOKEN"});
  CHECK(explained("runners[0].environment") ==
        lines{"runners[0].environment = [\"PASSWORD=[MASKED]\", \"[MASKED]\"] @7"});
  CHECK(explained("runners[1].autoscaler.plugin_config") ==
        lines{"runners[1].autoscaler.plugin_config = {key = \"[MASKED]\"} @13"});
  for (auto const& line : explained("")) {
    CAPTURE(line);
    CHECK(line.find("hidden") == std::string::npos);
    CHECK(line.find("sentry.test") == std::string::npos);
  }
}

TEST_CASE("a key that is not known is refused with a proposal", "[config][explain]") {
  auto const [key, message] = GENERATE(table<std::string, std::string>({
      {"concurent", "unknown key 'concurent', did you mean 'concurrent'?"},
      {"runners.docker.imagee", "unknown key 'imagee', did you mean 'image'?"},
      {"session_server.concurrent",
       "unknown key 'concurrent', it belongs to the top of the file, before the first table"},
      {"concurrent.x", "'concurrent' is no table and has no keys"},
      {"session_server[0]", "'session_server' is no list"},
      {".", "unknown key ''"},
  }));
  CAPTURE(key);
  auto const steps = config::parse_key(key);
  REQUIRE(steps.has_error());
  CHECK(steps.error().message == message);
}
