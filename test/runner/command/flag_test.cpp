#include "runner/command/flag.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <map>

using namespace corunner;

namespace {

// One flag of each sort, as `register` has them.
struct sample {
  std::string url;
  std::int64_t limit = 0;
  bool locked = true;
  std::optional<bool> strict;
  std::optional<config::duration> interval;
  std::vector<std::string> list;
  config::string_map map;
  std::map<std::string, std::string, std::less<>> variables;

  std::vector<flag> flags() {
    return {{"u, url", &url, "GitLab instance URL", "CI_SERVER_URL"},
            {"limit", &limit, "Most jobs", "RUNNER_LIMIT"},
            {"locked", &locked, "Lock", "REGISTER_LOCKED"},
            {"strict-check-interval", &strict, "Strict", "STRICT"},
            {"unhealthy-interval", &interval, "Pause", ""},
            {"env", &list, "Variables", "RUNNER_ENV"},
            {"labels", &map, "Labels", "LABELS"}};
  }

  parsed_flags parse(std::vector<std::string> const& words, mixing how = mixing::anywhere) {
    return parse_flags(flags(), words, [this](std::string_view name) -> std::optional<std::string> {
      auto const found = variables.find(name);
      if (found == variables.end()) return std::nullopt;
      return found->second;
    }, how);
  }
};

}  // namespace

TEST_CASE("one dash or two, a space or an equals sign: all the same", "[command][flag]") {
  auto const words = GENERATE(values<std::vector<std::string>>(
      {{"-url", "x"}, {"--url", "x"}, {"-url=x"}, {"--url=x"}, {"-u", "x"}, {"--u=x"}}));
  sample given;
  REQUIRE(given.parse(words).failure.empty());
  CHECK(given.url == "x");
}

TEST_CASE("flags may follow arguments, a double dash ends them", "[command][flag]") {
  sample given;
  auto const parsed = given.parse({"a", "--url", "x", "b", "--", "--limit", "3"});
  REQUIRE(parsed.failure.empty());
  CHECK(given.url == "x");
  CHECK(given.limit == 0);
  CHECK(parsed.arguments == std::vector<std::string>{"a", "b", "--limit", "3"});
}

TEST_CASE("global flags end at the command", "[command][flag]") {
  sample given;
  auto const parsed = given.parse({"--limit", "3", "list", "--url", "x"}, mixing::before_argument);
  REQUIRE(parsed.failure.empty());
  CHECK(given.limit == 3);
  CHECK(given.url.empty());
  CHECK(parsed.arguments == std::vector<std::string>{"list", "--url", "x"});
}

TEST_CASE("an unknown flag behind an argument is an argument itself", "[command][flag]") {
  sample given;
  auto const parsed = given.parse({"a", "--frobnicate", "--url", "x"});
  REQUIRE(parsed.failure.empty());
  CHECK(given.url == "x");
  CHECK(parsed.arguments == std::vector<std::string>{"a", "--frobnicate"});
}

TEST_CASE("a switch stands alone; a word behind it ends the flags", "[command][flag]") {
  sample plain;
  REQUIRE(plain.parse({"--locked=false", "--url", "x"}).failure.empty());
  CHECK_FALSE(plain.locked);
  CHECK(plain.url == "x");

  sample separate;
  separate.locked = false;
  auto const* const word = GENERATE("false", "stray");
  auto const parsed = separate.parse({"--locked", word, "--url", "x"});
  REQUIRE(parsed.failure.empty());
  CHECK(separate.locked);
  CHECK(separate.url.empty());
}

TEST_CASE(
    "a flag's name where its value should be is the value, and what was the other's ends the flags",
    "[command][flag]") {
  sample given;
  auto const parsed = given.parse({"--url", "--limit", "3", "--limit", "4"});
  REQUIRE(parsed.failure.empty());
  CHECK(given.url == "--limit");
  CHECK(given.limit == 0);
  CHECK(parsed.arguments == std::vector<std::string>{"3", "--limit", "4"});
}

TEST_CASE("a switch with an empty value is on", "[command][flag]") {
  sample given;
  given.locked = false;
  REQUIRE(given.parse({"--locked="}).failure.empty());
  CHECK(given.locked);
}

TEST_CASE("an optional boolean takes the next word, whatever it is", "[command][flag]") {
  sample given;
  REQUIRE(given.parse({"--strict-check-interval", "false"}).failure.empty());
  CHECK(given.strict == false);
  CHECK(given.parse({"--strict-check-interval", "--url"}).failure ==
        "invalid value \"--url\" for flag -strict-check-interval: strconv.ParseBool: parsing "
        "\"--url\": invalid syntax");
}

TEST_CASE("mistakes are named as GitLab Runner names them", "[command][flag]") {
  auto const [words, failure] = GENERATE(table<std::vector<std::string>, std::string>({
      {{"--foo"}, "flag provided but not defined: -foo"},
      {{"-foo=1"}, "flag provided but not defined: -foo"},
      {{"--url"}, "flag needs an argument: -url"},
      {{"--limit", "x"},
       "invalid value \"x\" for flag -limit: strconv.ParseInt: parsing \"x\": invalid syntax"},
      {{"--locked=x"},
       "invalid boolean value \"x\" for -locked: strconv.ParseBool: parsing \"x\": invalid "
       "syntax"},
      {{"--unhealthy-interval", "5x"},
       "invalid value \"5x\" for flag -unhealthy-interval: time: unknown unit \"x\" in duration "
       "\"5x\""},
      {{"-u", "a", "--url", "b"}, "Cannot use two forms of the same flag: url u"},
  }));
  CAPTURE(words);
  sample given;
  CHECK(given.parse(words).failure == failure);
}

TEST_CASE("help is noticed among other flags", "[command][flag]") {
  CHECK(sample().parse({"--url", "x", "-h"}).help);
  CHECK(sample().parse({"--help"}).help);
  CHECK_FALSE(sample().parse({"--url", "--help"}).help);
}

TEST_CASE("all of the help is asked for by a flag of its own", "[command][flag]") {
  auto const parsed = sample().parse({"--url", "x", "--help-all"});
  CHECK(parsed.help);
  CHECK(parsed.all_of_help);
  CHECK_FALSE(sample().parse({"--help"}).all_of_help);
}

TEST_CASE("for a mistyped flag the one that was meant is named", "[command][flag]") {
  auto const [word, hint] = GENERATE(table<std::string, std::string>({
      {"--ulr", "did you mean '--url'?"},
      {"-locked_=true", "did you mean '--locked'?"},
      {"--unhealthy_interval", "did you mean '--unhealthy-interval'?"},
      {"--hlep", "did you mean '--help'?"},
      {"--frobnicate", ""},
  }));
  CAPTURE(word);
  auto const parsed = sample().parse({word});
  CHECK(parsed.failure.starts_with("flag provided but not defined: -"));
  CHECK(parsed.hint == hint);
}

TEST_CASE("a variable gives way to the flag, but a list keeps both", "[command][flag]") {
  sample given;
  given.variables = {
      {"CI_SERVER_URL", "from variable"}, {"RUNNER_ENV", "A=1,B=2"}, {"LABELS", "a:1"}};
  REQUIRE(given.parse({"--url", "from flag", "--env", "C=3", "--labels", "b:2"}).failure.empty());
  CHECK(given.url == "from flag");
  CHECK(given.list == std::vector<std::string>{"A=1,B=2", "C=3"});
  CHECK(given.map == config::string_map{{"a", "1"}, {"b", "2"}});
}

TEST_CASE("an empty variable empties a text, sets a boolean and breaks a number",
          "[command][flag]") {
  sample text;
  text.url = "standing";
  text.locked = false;
  text.variables = {{"CI_SERVER_URL", ""}, {"REGISTER_LOCKED", ""}, {"STRICT", ""}};
  REQUIRE(text.parse({}).failure.empty());
  CHECK(text.url.empty());
  CHECK(text.locked);
  CHECK(text.strict == true);

  sample number;
  number.variables = {{"RUNNER_LIMIT", ""}};
  CHECK(number.parse({}).failure.starts_with("could not parse  as value for flag limit: "));
}

TEST_CASE("of one flag given twice the last wins", "[command][flag]") {
  sample given;
  REQUIRE(given.parse({"--limit", "1", "--limit", "2"}).failure.empty());
  CHECK(given.limit == 2);
}

TEST_CASE("options are described in aligned lines with default and variable", "[command][flag]") {
  sample given;
  given.url = "http://x";
  auto flags = given.flags();
  flags.resize(3);
  CHECK(describe_flags(flags, describing::briefly) ==
        "   -u value, --url value  GitLab instance URL\n"
        "   --limit value          Most jobs\n"
        "   --locked               Lock\n");
  CHECK(describe_flags(flags) ==
        "   -u value, --url value  GitLab instance URL (default: \"http://x\") [$CI_SERVER_URL]\n"
        "   --limit value          Most jobs (default: \"0\") [$RUNNER_LIMIT]\n"
        "   --locked               Lock [$REGISTER_LOCKED]\n");
}

TEST_CASE("a switch with a function of its own is told what it was set to", "[command][flag]") {
  auto const& [word, told] = GENERATE(table<std::string, std::string>(
      {{"--paused", "true"}, {"--paused=false", "false"}, {"--paused=maybe", "maybe"}}));
  bool type = false;
  std::string heard;
  flag one{"paused", &type, "", ""};
  one.take = [&](std::string_view text) -> std::optional<config::failure> {
    heard = text;
    if (text == "maybe") return config::failure{"yes or no"};
    return std::nullopt;
  };
  auto const parsed = parse_flags(
      {one}, {word, "6"}, [](std::string_view) { return std::nullopt; }, mixing::anywhere);
  CHECK(heard == told);
  CHECK_FALSE(type);
  if (told == "maybe") {
    CHECK(parsed.failure == "invalid boolean value \"maybe\" for -paused: yes or no");
  } else {
    CHECK(parsed.arguments == std::vector<std::string>{"6"});
  }
}
