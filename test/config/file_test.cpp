#include "config/file.hpp"

#include "config/labels.hpp"
#include "test/config/observed_case.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include <algorithm>

using namespace corunner;
using test::no_variable;

namespace {

config::configuration decoded(std::string_view text) {
  auto read = config::decode(text, no_variable);
  REQUIRE(read.has_value());
  return *std::move(read);
}

std::string refusal(std::string_view text) {
  auto const read = config::decode(text, no_variable);
  return read ? "" : read.error().message;
}

}  // namespace

TEST_CASE("an empty file means the defaults", "[config][file]") {
  CHECK(config::encode(decoded("")) == R"(concurrent = 1
check_interval = 0
shutdown_timeout = 0

[session_server]
  session_timeout = 1800
)");
}

TEST_CASE("every file that GitLab Runner wrote comes back byte for byte", "[config][file]") {
  auto const name = GENERATE(from_range(test::registrations_observed()));
  CAPTURE(name);
  auto const after = test::load_observed_case(name).file_after("config.toml");
  REQUIRE(after.has_value());
  CHECK(config::encode(decoded(*after)) == *after);
}

TEST_CASE("a file with every known key is put into GitLab Runner's order", "[config][file]") {
  auto const observed = test::load_observed_case("register-all-keys");
  auto after = *observed.file_after("config.toml");
  // The case appended a second entry, which is not in the file before.
  auto const second = after.find("[[runners]]\n  name = \"r2\"");
  auto const end = after.find("[machine]\n", second);
  REQUIRE(second != std::string::npos);
  after.erase(second, end - second);
  auto const config = decoded(*observed.file_before("config.toml"));
  CHECK(config::encode(config) == after);
}

TEST_CASE("key names match in any case and the exact one wins", "[config][file]") {
  auto const config =
      decoded("Concurrent = 4\n[[runners]]\nNAME = \"x\"\n[runners.machine]\nidlecount = 5\n");
  CHECK(config.concurrent == 4);
  REQUIRE(config.runners.size() == 1);
  CHECK(config.runners[0].name == "x");
  REQUIRE(config.runners[0].machine.has_value());
  CHECK(config.runners[0].machine->idle_count == 5);
}

TEST_CASE("a value of another type is an error with line and key", "[config][file]") {
  auto const [text, message] = GENERATE(table<std::string, std::string>({
      {"concurrent = \"4\"",
       "toml: line 1 (last key \"concurrent\"): incompatible types: TOML value has type string; "
       "destination has type integer"},
      {"[[runners]]\nname = 4",
       "toml: line 2 (last key \"runners.name\"): incompatible types: TOML value has type int64; "
       "destination has type string"},
      {"[[runners]]\nenvironment = \"A=b\"",
       "toml: line 2 (last key \"runners.environment\"): incompatible types: TOML value has type "
       "string; destination has type slice"},
      {"[[runners]]\n[runners.docker]\nprivileged = \"true\"",
       "toml: line 3 (last key \"runners.docker.privileged\"): incompatible types: TOML value has "
       "type string; destination has type boolean"},
      {"[[runners]]\n[runners.docker]\nmemory = 1024",
       "toml: line 3 (last key \"runners.docker.memory\"): incompatible types: TOML value has type "
       "int64; destination has type string"},
      {"[runners]\nname = \"x\"",
       "toml: line 1 (last key \"runners\"): incompatible types: TOML value has type table; "
       "destination has type slice"},
      {"[[runners]]\nlimit = 1.5",
       "toml: line 2 (last key \"runners.limit\"): incompatible types: TOML value has type "
       "float64; destination has type integer"},
      {"connection_max_age = \"90\"",
       "toml: line 1 (last key \"connection_max_age\"): time: missing unit in duration \"90\""},
  }));
  CAPTURE(text);
  CHECK(refusal(text) == message);
}

TEST_CASE(
    "integers are taken for floats, nanoseconds for durations, a string for a list of policies",
    "[config][file]") {
  auto const config = decoded(
      "connection_max_age = 1000000000\n[[runners]]\n[runners.machine]\nIdleScaleFactor = 2\n"
      "[runners.docker]\npull_policy = \"never\"\n");
  CHECK(config.connection_max_age == std::chrono::seconds(1));
  CHECK(config.runners[0].machine->idle_scale_factor == 2.0);
  CHECK(config.runners[0].docker->pull_policy.values == std::vector<std::string>{"never"});
}

TEST_CASE("unknown keys and tables survive a save", "[config][file]") {
  auto const config = decoded(
      "foo = 1\n[[runners]]\nnick = \"n\"\n[runners.docker]\nimagee = \"x\"\n[bar]\nx = 1\n");
  auto const text = config::encode(config);
  CHECK(text.find("foo = 1\n") != std::string::npos);
  CHECK(text.find("  nick = \"n\"\n") != std::string::npos);
  CHECK(text.find("    imagee = \"x\"\n") != std::string::npos);
  CHECK(text.find("[bar]\n  x = 1\n") != std::string::npos);
}

TEST_CASE("variables in url and token are expanded and written back as they were",
          "[config][file]") {
  auto const variables = [](std::string_view name) -> std::optional<std::string> {
    if (name == "HOST") return "gitlab.test";
    if (name == "TOKEN") return "glrt-secret";
    return std::nullopt;
  };
  auto read = config::decode(
      "[[runners]]\nurl = \"https://${HOST}/\"\ntoken = \"$TOKEN\"\nname = \"$HOST\"\n", variables);
  REQUIRE(read.has_value());
  auto& runner = read->runners[0];
  CHECK(runner.url == "https://gitlab.test/");
  CHECK(runner.token.reveal() == "glrt-secret");
  CHECK(runner.name == "$HOST");
  auto const saved = config::encode(*read);
  CHECK(saved.find("url = \"https://${HOST}/\"") != std::string::npos);
  CHECK(saved.find("token = \"$TOKEN\"") != std::string::npos);

  runner.token = secret("glrt-rotated");
  CHECK(config::encode(*read).find("token = \"glrt-rotated\"") != std::string::npos);
}

TEST_CASE("labels are checked as GitLab does", "[config][labels]") {
  auto const [text, start] = GENERATE(table<std::string, std::string>({
      {"[labels]\nkey = \"v\"", ""},
      {"[labels]\nab = \"v\"", "validating global labels: invalid label key"},
      {"[labels]\n\"-ab\" = \"v\"", "validating global labels: invalid label key"},
      {"[labels]\nkey = \"\"", "validating global labels: invalid label value"},
      {"[[runners]]\nname = \"r\"\n[runners.labels]\nkey = \"a b\"",
       "validating runner r: validating labels: invalid label value"},
  }));
  CAPTURE(text);
  auto const found = config::label_problems(decoded(text));
  CHECK(found.empty() == start.empty());
  if (!found.empty()) CHECK(found.front().text.starts_with(start));
}

TEST_CASE("at most 32 labels of both kinds together", "[config][labels]") {
  config::configuration config;
  config.runners.emplace_back();
  for (int i = 0; i < 32; ++i) config.labels["key" + std::to_string(i)] = "v";
  CHECK(config::label_problems(config).empty());
  config.runners[0].labels.or_emplace()["key0"] = "other";
  CHECK(config::label_problems(config).empty());
  CHECK(config::merged_labels(config, config.runners[0]).at("key0") == "other");
  config.runners[0].labels.or_emplace()["more"] = "v";
  CHECK(config::label_problems(config).size() == 1);
}
