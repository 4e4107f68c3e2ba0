#include "config/reading.hpp"

#include "test/config/observed_case.hpp"
#include "test/config/scratch_directory.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <fstream>

using namespace corunner;
using test::no_variable;

namespace {

constexpr std::string_view good_entry = "[[runners]]\nurl = \"u\"\ntoken = \"t\"\n";

config::reading inspected(std::string_view text) {
  auto read = config::inspect(text, no_variable);
  REQUIRE(read.has_value());
  return *std::move(read);
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (auto const& each : inspected(text).problems) lines.push_back(config::describe(each, "f"));
  return lines;
}

}  // namespace

TEST_CASE("every unknown key is told with line, column, full name and what was meant",
          "[config][check]") {
  CHECK(lines_of("foo = 1\n"
                 "Concurrent = 2\n"
                 "  [[runners]]\n"
                 "  url = \"u\"\n"
                 "    tokn = \"glrt-secret\"\n"
                 "  token = \"t\"\n"
                 "  volumes_from = [\"data\"]\n"
                 "  [runners.custom]\n"
                 "  run_exce = \"x\"\n"
                 "[bar]\n"
                 "x = {y = 1}\n") ==
        std::vector<std::string>{
            "f:1:1: unknown key 'foo'",
            "f:5:5: unknown key 'runners.tokn', did you mean 'token'?",
            "f:7:3: unknown key 'runners.volumes_from', it belongs to [runners.docker]",
            "f:9:3: unknown key 'runners.custom.run_exce', did you mean 'run_exec'?",
            "f:10:2: unknown key 'bar'",
            "f:11:1: unknown key 'bar.x'",
            "f:11:6: unknown key 'bar.x.y'",
        });
}

TEST_CASE("a person who starts the program hears of a repeated unknown key once",
          "[config][check]") {
  std::string text = "[bar]\nx = 1\n";
  for (int i = 0; i < 3; ++i) text += std::string(good_entry) + "limt = 1\n";
  CHECK(config::describe_briefly(inspected(text).problems, "f") ==
        std::vector<std::string>{"f:1:2: unknown key 'bar'",
                                 "f:6:1: unknown key 'runners.limt', did you mean 'limit'? (the "
                                 "first of 3)"});
}

TEST_CASE("a value of the wrong type hides no other problem", "[config][check]") {
  auto const read = inspected(
      "concurrent = \"4\"\nfoo = 1\n[labels]\nab = \"v\"\n[[runners]]\nname = 5\nurl = \"u\"\ntoken = 7\n"
      "shell = \"fish\"\n[runners.docker]\nmemory = 1024\nimage = \"ruby\"\n");
  std::vector<std::string> found;
  for (auto const& each : read.problems) {
    found.push_back(std::to_string(static_cast<int>(each.kind)) + " " + each.path + " " +
                    std::to_string(each.where.line));
  }
  CHECK(found == std::vector<std::string>{"0 concurrent 1", "0 runners[0].name 6",
                                          "0 runners[0].token 8", "0 runners[0].docker.memory 11",
                                          "2 labels 3", "3 runners[0].shell 9", "4 foo 2"});
  CHECK(read.values.runners.at(0).docker->image == "ruby");
}

TEST_CASE("values without use are told with their place", "[config][check]") {
  auto const [keys, said] = GENERATE(table<std::string, std::string>({
      {"executor = \"dokcer\"",
       "f:4:1: 'runners[0].executor' is 'dokcer', expected one of shell, ssh, custom, instance, docker, "
       "docker-windows, docker-autoscaler, docker+machine, kubernetes, parallels, virtualbox; did you "
       "mean 'docker'?"},
      {"executor = \"custom\"",
       "f:4:1: 'runners[0].executor' is 'custom', which needs a table [runners.custom]"},
      {"environment = [\"A=1\", \"B\"]",
       "f:4:1: 'runners[0].environment[1]' has no '=' and is skipped"},
      {"use_slot_cgroups = true\nslot_cgroup_template = \"a\"",
       "f:5:1: 'runners[0].slot_cgroup_template' has no ${slot}, so all jobs share one cgroup"},
      {"[runners.docker]\nmemory = \"lots\"",
       "f:5:1: 'runners[0].docker.memory' is 'lots', expected a size like 512m or 2g"},
      {"[runners.docker]\npull_policy = \"newer\"",
       "f:5:1: 'runners[0].docker.pull_policy' is 'newer', expected one of always, if-not-present, "
       "never; did you mean 'never'?"},
      {"[runners.docker]\ndns = [\"::1\", \"resolver\"]",
       "f:5:1: 'runners[0].docker.dns[1]' is 'resolver', expected an IP address"},
      {"[runners.docker]\nlog_options = {max-size = \"1\"}",
       "f:5:1: 'runners[0].docker.log_options' has 'max-size', expected 'env' or 'labels' only"},
      {"[runners.machine]\nOffPeakPeriods = [\"x\"]",
       "f:5:1: 'runners[0].machine.OffPeakPeriods' has no effect, use [[runners.machine.autoscaling]] "
       "instead"},
  }));
  CAPTURE(keys);
  CHECK(lines_of(std::string(good_entry) + keys + "\n") == std::vector<std::string>{said});
}

TEST_CASE("global values without use are told", "[config][check]") {
  CHECK(
      lines_of("concurrent = 0\nlog_level = \"INFO\"\nlog_format = \"JSON\"\nuser = \"u\"\n") ==
      std::vector<std::string>{
          "f:1:1: 'concurrent' is below 1: no jobs will be processed",
          "f:3:1: 'log_format' is 'JSON', expected one of runner, text, json; did you mean 'json'?",
          "f:4:1: 'user' has no effect, give it to 'run --user'"});
}

TEST_CASE("an entry against the schema is named with its place", "[config][check]") {
  auto const found =
      inspected(std::string(good_entry) + "[[runners]]\nshell = \"fish\"\n").problems;
  REQUIRE(found.size() == 3);
  CHECK(found[0].path == "runners[1].token");
  CHECK(found[0].where == config::position{4, 1});
  CHECK(found[0].schema == "minLength: got 0, want 1");
  CHECK(found[2].path == "runners[1].shell");
  CHECK(found[2].where == config::position{5, 1});
}

TEST_CASE("a strict file with an unknown key does not load, and all are named", "[config][check]") {
  test::scratch_directory scratch;
  auto const file = scratch.path() / "config.toml";
  auto const write = [&](std::string_view text) { std::ofstream(file) << text; };

  write("strict = true\n");
  CHECK(config::load_file(file, no_variable).has_value());
  write("strict = true\nfoo = 1\nbar = 2\n");
  auto const refused = config::load_file(file, no_variable);
  REQUIRE(refused.has_error());
  auto const name = file.string();
  CHECK(refused.error().message == "strict: 2 problem(s) in the configuration:\n" + name +
                                       ":2:1: unknown key 'foo'\n" + name +
                                       ":3:1: unknown key 'bar'");

  write("foo = 1\n");
  config::inspection relaxed;
  CHECK(config::load_file(file, no_variable, &relaxed).has_value());
  CHECK(relaxed.problems.size() == 1);
  config::inspection strict{.strict = true, .problems = {}};
  CHECK(config::load_file(file, no_variable, &strict).has_error());
}

TEST_CASE("no message holds a token's value", "[config][check]") {
  std::string const line = GENERATE(
      "token = glrt-verysecret", "token = \"glrt-verysecret", "token = 'glrt-verysecret' x",
      "token = [\"glrt-verysecret\"]", "token = {a = \"glrt-verysecret\"}",
      "tokn = \"glrt-verysecret\"", "token = \"glrt-verysecret\"\ntoken = \"glrt-verysecret\"",
      "token = tglrt-verysecret", "token = 1glrt-verysecret", "token = \"glrt-verysecret\\q\"",
      "token == \"glrt-verysecret\"", "environment = [\"glrt-verysecret\"]",
      "environment = \"glrt-verysecret\"", "token = \"glrt-verysecret\"\nurl = 5",
      "[runners.cache.s3]\nAccessKey = [\"glrt-verysecret\"]",
      "token = \"$TOKEN\"\nshell = \"fish\"", "token \"glrt-verysecret\"",
      "token: \"glrt-verysecret\"", "token = $glrt-verysecret", "token = 0xglrt-verysecret",
      "token = \"\"glrt-verysecret\"\"");
  CAPTURE(line);
  auto const variables = [](std::string_view) {
    return std::optional<std::string>("glrt-verysecret");
  };
  auto const read = config::inspect("[[runners]]\n" + line + "\n", variables);
  std::string said = read ? "" : read.error().message;
  if (read) {
    for (auto const& each : read->problems) said += config::describe(each, "f") + each.schema;
  }
  CHECK_FALSE(said.empty());
  CHECK(said.find("secret") == std::string::npos);
  CHECK(said.find("glrt") == std::string::npos);
}
