// What is asked of the API for what a person typed.

#include "runner/command/runners/given.hpp"
#include "runner/command/runners/operations.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <set>

using namespace corunner;

namespace {

constexpr parameter status{"status", "status", shape::choice, "", "online|never_contacted"};
constexpr parameter type{"type", "type", shape::choice, "",
                         "instance_type|group_type|project_type"};
constexpr parameter tags{"tag-list, tags", "tag_list", shape::tags, ""};
constexpr parameter paused{"paused", "paused", shape::boolean, ""};
constexpr parameter timeout{"maximum-timeout", "maximum_timeout", shape::number, ""};
constexpr parameter note{"maintenance-note", "maintenance_note", shape::text, ""};
constexpr parameter all_parameters[] = {status, type, tags, paused, timeout, note};

constexpr route routes[] = {{aim::own, "runners"},
                            {aim::all, "runners/all"},
                            {aim::project, "projects/:project/runners"}};
constexpr operation list{.method = "GET",
                         .routes = routes,
                         .parameters = all_parameters,
                         .shows = view::runners,
                         .lists = true};
constexpr route one[] = {{aim::runner, "runners/:id"}, {aim::token, "runners", "token=:token"}};
constexpr operation change{.method = "PUT",
                           .routes = one,
                           .parameters = all_parameters,
                           .shows = view::runner,
                           .needs_parameter = true};
constexpr operation drop{.method = "DELETE", .routes = one, .parameters = {}, .shows = view::done};
constexpr route makes[] = {
    {aim::project, "user/runners", "runner_type=project_type project_id=:project"}};
constexpr operation make{.method = "POST",
                         .routes = makes,
                         .parameters = all_parameters,
                         .shows = view::token,
                         .only_once = true};

void give(given& into, parameter const& what, std::string_view text) {
  auto const why = take_value(into, what, text);
  REQUIRE_FALSE(why);
}

std::vector<gitlab::management_call> calls_of(operation const& what, given const& by) {
  auto const way = choose_route(what, by);
  REQUIRE(way.has_value());
  return plan_calls(what, **way, by);
}

std::string failure_of(operation const& what, given const& by) {
  auto const way = choose_route(what, by);
  return way ? "" : way.error().message;
}

std::string body_of(gitlab::management_call const& call) {
  return boost::json::serialize(call.body);
}

}  // namespace

TEST_CASE("filters go into the query of a list", "[command][runners]") {
  given by;
  give(by, status, "never_contacted");
  give(by, type, "group");
  give(by, tags, "docker, a b");
  give(by, tags, "c&d");
  give(by, paused, "false");
  auto const calls = calls_of(list, by);
  REQUIRE(calls.size() == 1);
  CHECK(calls[0].method == "GET");
  CHECK(calls[0].path == "runners");
  CHECK(calls[0].query ==
        "status=never_contacted&type=group_type&tag_list=docker%2Ca%20b%2Cc%26d&paused=false");
  CHECK(calls[0].body.empty());
}

TEST_CASE("a project is named by its number or its full path", "[command][runners]") {
  auto const& [project, path] = GENERATE(table<std::string, std::string>(
      {{"7", "projects/7/runners"},
       {"group/sub/project", "projects/group%2Fsub%2Fproject/runners"}}));
  given by;
  by.project = project;
  CHECK(calls_of(list, by)[0].path == path);
}

TEST_CASE("settings go into the body with their types", "[command][runners]") {
  given by;
  by.runners = {6};
  give(by, paused, "true");
  give(by, tags, "");
  give(by, timeout, "none");
  give(by, note, "");
  CHECK(body_of(calls_of(change, by)[0]) ==
        R"({"paused":true,"tag_list":[],"maximum_timeout":null,"maintenance_note":""})");
  give(by, timeout, "3600");
  CHECK(calls_of(change, by)[0].body.at("maximum_timeout") == 3600);
}

TEST_CASE("several runners are several calls", "[command][runners]") {
  given by;
  by.runners = {6, 7};
  auto const calls = calls_of(drop, by);
  REQUIRE(calls.size() == 2);
  CHECK(calls[0].path == "runners/6");
  CHECK(calls[1].path == "runners/7");
}

TEST_CASE("a runner that is given by its token is named in the body alone", "[command][runners]") {
  given by;
  by.runner_token = secret("glrt-1");
  auto const calls = calls_of(drop, by);
  CHECK(calls[0].path == "runners");
  CHECK(calls[0].query.empty());
  CHECK(body_of(calls[0]) == R"({"token":"glrt-1"})");
}

TEST_CASE("where the API takes a number, a path is looked up first", "[command][runners]") {
  given by;
  by.project = "a/b";
  auto const way = choose_route(make, by);
  REQUIRE(way.has_value());
  CHECK(number_lookup(**way, by) == "projects/a%2Fb");
  by.project = "12";
  CHECK(number_lookup(**way, by).empty());
  auto const calls = plan_calls(make, **way, by);
  CHECK(body_of(calls[0]) == R"({"runner_type":"project_type","project_id":12})");
  CHECK(calls[0].only_once);
}

TEST_CASE("values that cannot be meant are refused with what is expected", "[command][runners]") {
  auto const& [what, text, expected] = GENERATE(table<parameter const*, std::string, std::string>({
      {&status, "onlin", "expected online, never_contacted; did you mean 'online'?"},
      {&type, "shared", "expected instance_type, group_type, project_type"},
      {&timeout, "10m", "expected a number"},
      {&timeout, "-1", "expected a number"},
      {&paused, "maybe", "expected true or false"},
  }));
  given by;
  auto const why = take_value(by, *what, text);
  REQUIRE(why);
  CHECK(why->message == expected);
  CHECK(by.values.empty());
}

TEST_CASE("what is missing or too much is said before anything is sent", "[command][runners]") {
  std::string const number = "the number of a runner (`corunner runners list` shows them)";
  given by;
  CHECK(failure_of(drop, by) == "it takes " + number + " or --token-file");
  CHECK(failure_of(make, by) == "it takes --project");
  by.all = true;
  by.project = "a/b";
  CHECK(failure_of(list, by) == "--all and --project exclude each other");
  given with_runner;
  with_runner.runners = {6};
  CHECK(failure_of(list, with_runner) == "with no flag it takes no number of a runner, found '6'");
  CHECK(
      failure_of(change, with_runner) ==
      "nothing to change: give one or more of --status, --type, --tag-list, --paused, --maximum-timeout, "
      "--maintenance-note");
  with_runner.runner_token = secret("glrt-1");
  CHECK(failure_of(drop, with_runner) ==
        "with --token-file it takes no number of a runner, found '6'");
}

TEST_CASE("an argument that is no number is explained, a token is not repeated",
          "[command][runners]") {
  auto const failure = [](std::string argument) {
    auto const numbers = runner_numbers({std::move(argument)});
    return numbers ? "" : numbers.error().message;
  };
  CHECK(runner_numbers({"6", "12"}).value() == std::vector<std::int64_t>{6, 12});
  CHECK(failure("docker-1") ==
        "'docker-1' is no number of a runner; `corunner runners list` shows the numbers");
  CHECK_FALSE(failure("-6").empty());
  CHECK_FALSE(failure("6a").empty());
  CHECK(failure("english-runner-number-3").find("'english-runner-number-3' is no number") == 0);
  auto const token = failure("myco-glrt-t1_abcdefghijklmnopqrst");
  CHECK(token.find("a token is no number") == 0);
  CHECK(token.find("abcdef") == std::string::npos);
}

TEST_CASE("every command of `runners` has a name and a summary of its own", "[command][runners]") {
  std::set<std::string_view> names, summaries;
  for (auto const& each : runners_entries) {
    CHECK(names.insert(each.name).second);
    CHECK(summaries.insert(each.summary).second);
    CHECK(each.make != nullptr);
  }
}
