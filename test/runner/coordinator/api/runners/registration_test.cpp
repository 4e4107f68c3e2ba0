// Registration tokens, and how long tokens of runners live (runners-api.md 3, 4.4, 4.6).
#include "runner/coordinator/new_runner.hpp"
#include "runner/coordinator/token.hpp"
#include "test/runner/coordinator/world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

using namespace corunner;
using namespace std::chrono_literals;
using coordinator::policy_table;
using coordinator::role;
using test::coordinator_world;

namespace {

std::string token_of(test::answer const& made) {
  INFO(made.body);
  REQUIRE(made.status == 201);
  return std::string(made.json().at("token").as_string());
}

test::answer do_register(coordinator_world& world, std::string const& token) {
  return world.call("POST", "/runners", fmt::format(R"({{"token":"{}"}})", token));
}

constexpr std::int64_t hour = 3'600'000;

}  // namespace

TEST_CASE("a registration token makes runners of what it belongs to",
          "[coordinator][registration]") {
  coordinator_world world;
  world.add_project("group/one");
  struct row {
    char const* path;
    char const* type;
  };
  auto const [path, type] = GENERATE(values<row>({
      {"/runners/reset_registration_token", "instance_type"},
      {"/projects/group%2Fone/runners/reset_registration_token", "project_type"},
      {"/groups/group/runners/reset_registration_token", "group_type"},
  }));
  CAPTURE(path);
  auto const token = token_of(world.admin_call("POST", path));
  CHECK(token.starts_with("GR1348941"));
  CHECK(token.size() == 29);
  auto const made = do_register(world, token);
  CHECK(token_of(made).starts_with("glrtr-"));
  auto const shown = world.admin_call("GET", "/runners/1").json();
  CHECK(shown.at("runner_type") == type);
  CHECK(shown.at("projects").as_array().size() ==
        (shown.at("runner_type") == "project_type" ? 1 : 0));
  CHECK(shown.at("groups").as_array().size() == (shown.at("runner_type") == "group_type" ? 1 : 0));

  token_of(world.admin_call("POST", path));
  CHECK(do_register(world, token).body ==
        R"({"message":"403 Forbidden - invalid token supplied"})");
}

TEST_CASE("registration tokens are reset by who owns what they open",
          "[coordinator][registration]") {
  coordinator_world world;
  world.add_project("group/one");
  world.add_user("keeper");
  world.add_member("keeper", "group", role::maintainer);
  auto const status = [&](std::string const& path) {
    return world.user_call("glpat-keeper", "POST", path).status;
  };
  CHECK(status("/runners/reset_registration_token") == 403);
  CHECK(status("/projects/1/runners/reset_registration_token") == 201);
  CHECK(status("/groups/group/runners/reset_registration_token") == 403);
  CHECK(status("/projects/9/runners/reset_registration_token") == 404);
  CHECK(status("/groups/nine/runners/reset_registration_token") == 404);
  CHECK(world.call("POST", "/runners/reset_registration_token").status == 401);
}

TEST_CASE("registration is gone where it is not allowed", "[coordinator][registration]") {
  coordinator_world world;
  auto const project = world.add_project("group/one");
  auto const group = *world.in->data.projects.find_group("group");
  auto const of_project =
      token_of(world.admin_call("POST", "/projects/1/runners/reset_registration_token"));
  auto const of_group =
      token_of(world.admin_call("POST", "/groups/group/runners/reset_registration_token"));
  auto const gone = R"({"message":"410 Gone - runner registration disallowed"})";

  world.in->data.policies.set(policy_table::holder::project, project,
                              {.registration_allowed = false});
  CHECK(do_register(world, of_project).body == gone);
  CHECK(do_register(world, of_group).status == 201);
  world.in->data.policies.set(policy_table::holder::group, group, {.registration_allowed = false});
  CHECK(do_register(world, of_group).body == gone);
  CHECK(do_register(world, "GR1348941registration").status == 201);

  world.in->options.registration_tokens = false;
  CHECK(do_register(world, "GR1348941registration").body == gone);
  CHECK(do_register(world, "whatever").body == gone);
}

TEST_CASE("bad parameters of a registration are told", "[coordinator][registration]") {
  struct row {
    char const* more;
    char const* answer;
  };
  auto const [more, answer] = GENERATE(values<row>({
      {R"("active":true,"paused":false)", R"({"error":"active, paused are mutually exclusive"})"},
      {R"("maintainer_note":"a","maintenance_note":"b")",
       R"({"error":"maintainer_note, maintenance_note are mutually exclusive"})"},
      {R"("access_level":"all")", R"({"error":"access_level does not have a valid value"})"},
      {R"("info":7)", R"({"error":"info is invalid"})"},
      {R"("maximum_timeout":599)",
       R"({"message":{"maximum_timeout":["needs to be at least 10 minutes"]}})"},
      {R"("run_untagged":false)",
       R"({"message":{"tags_list":["can not be empty when runner is not allowed to pick untagged jobs"]}})"},
  }));
  CAPTURE(more);
  coordinator_world world;
  auto const got = world.call("POST", "/runners",
                              fmt::format(R"({{"token":"GR1348941registration",{}}})", more));
  CHECK(got.status == 400);
  CHECK(got.body == answer);
}

TEST_CASE("texts are as long as GitLab allows, counted in characters",
          "[coordinator][registration]") {
  coordinator_world world;
  std::string longest;
  for (int i = 0; i < 1024; ++i) longest += "\xc3\xa4";
  auto const make = [&](std::string const& key, std::string const& value) {
    return world.admin_call(
        "POST", "/user/runners",
        fmt::format(R"({{"runner_type":"instance_type","{}":"{}"}})", key, value));
  };
  CHECK(make("description", longest).status == 201);
  CHECK(
      make("description", longest + "x").body ==
      R"~({"message":"400 Bad request - Description is too long (maximum is 1024 characters)"})~");
  CHECK(make("maintenance_note", longest).status == 201);
  CHECK(make("maintenance_note", longest + "x").status == 400);
  std::string tags = "t0";
  for (int i = 1; i < 50; ++i) tags += fmt::format(",t{}", i);
  CHECK(make("tag_list", tags).status == 201);
  CHECK(
      make("tag_list", tags + ",t50").body ==
      R"({"message":"400 Bad request - Tags list Too many tags specified. Please limit the number of tags to 50"})");
}

TEST_CASE("tokens of runners live as long as their instance, group or project says",
          "[coordinator][registration]") {
  coordinator_world world;
  auto const project = world.add_project("group/sub/one");
  auto const group = *world.in->data.projects.find_group("group/sub");
  auto const around = *world.in->data.projects.find_group("group");
  auto& data = world.in->data;
  data.access.set_setting(coordinator::instance_lifetime, std::to_string(1 * hour));
  data.access.set_setting(coordinator::group_lifetime, std::to_string(9 * hour));
  data.policies.set(policy_table::holder::group, around, {.lifetime = 2 * hour});
  data.policies.set(policy_table::holder::project, project, {.lifetime = 3 * hour});
  struct row {
    std::string where;
    std::int64_t hours;
  };
  auto const at = GENERATE_COPY(values<row>({
      {R"("runner_type":"instance_type")", 1},
      {fmt::format(R"("runner_type":"group_type","group_id":{})", group), 2},
      {fmt::format(R"("runner_type":"project_type","project_id":{})", project), 3},
  }));
  CAPTURE(at.where);
  auto const made = world.admin_call("POST", "/user/runners", "{" + at.where + "}");
  auto const token = token_of(made);
  CHECK(made.json().at("token_expires_at") ==
        coordinator::json_time(world.in->now() + at.hours * hour));
  CHECK(data.runners.find(1)->token_expires_at == world.in->now() + at.hours * hour);
}

TEST_CASE("an expired runner token opens nothing until it is rotated in time",
          "[coordinator][registration]") {
  coordinator_world world;
  world.in->data.access.set_setting(coordinator::instance_lifetime, std::to_string(hour));
  auto const first =
      token_of(world.admin_call("POST", "/user/runners", R"({"runner_type":"instance_type"})"));
  auto const body = [](std::string const& token) {
    return fmt::format(R"({{"token":"{}"}})", token);
  };

  world.time.advance(45min);
  auto const rotated = world.call("POST", "/runners/reset_authentication_token", body(first));
  auto const second = token_of(rotated);
  CHECK(rotated.json().at("token_expires_at") == coordinator::json_time(world.in->now() + hour));
  CHECK(world.call("POST", "/runners/verify", body(first)).status == 403);

  world.time.advance(1h);
  CHECK(world.call("POST", "/runners/verify", body(second)).body ==
        R"({"message":"403 Forbidden"})");
  CHECK(world.call("POST", "/jobs/request", body(second)).status == 403);
  CHECK(world.call("POST", "/runners/reset_authentication_token", body(second)).status == 403);
  CHECK(world.call("DELETE", "/runners", body(second)).status == 403);
  auto const third = token_of(world.admin_call("POST", "/runners/1/reset_authentication_token"));
  CHECK(world.call("POST", "/runners/verify", body(third)).status == 200);
}

TEST_CASE("a project runner without projects is orphaned", "[coordinator][registration]") {
  coordinator_world world;
  world.add_project("group/one");
  world.add_project("group/two");
  auto const token = token_of(world.admin_call("POST", "/user/runners",
                                               R"({"runner_type":"project_type","project_id":1})"));
  world.in->data.runners.unassign(1, 1);
  auto const body = fmt::format(R"({{"token":"{}"}})", token);
  CHECK(world.call("POST", "/runners/verify", body).status == 422);
  CHECK(world.call("POST", "/jobs/request", body).status == 422);
  CHECK(world.call("POST", "/runners/reset_authentication_token", body).status == 422);
  CHECK(world.admin_call("POST", "/projects/2/runners", R"({"runner_id":1})").body ==
        R"({"message":"400 Bad request - Taking over an orphaned project runner is not allowed"})");
  CHECK(world.call("DELETE", "/runners", body).status == 204);
}
