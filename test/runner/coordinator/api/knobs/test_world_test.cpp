// What tests may order of the coordinator: users, projects, settings, the past of a runner.
#include "test/runner/coordinator/world.hpp"

#include "runner/coordinator/runner_status.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

using namespace corunner;
using namespace std::chrono_literals;
using test::coordinator_world;

namespace {

coordinator::server_options with_knobs() {
  coordinator::server_options how;
  how.test_endpoints = true;
  return how;
}

}  // namespace

TEST_CASE("users of any role can be ordered", "[coordinator][knobs]") {
  coordinator_world world(with_knobs());
  REQUIRE(world.call("POST", "/_test/projects", R"({"path":"group/one"})").json().at("id") == 1);
  REQUIRE(world.call("POST", "/_test/groups", R"({"path":"other/sub"})").status == 201);
  auto const made = world.call("POST", "/_test/users", R"({"username":"ann"})");
  REQUIRE(made.status == 201);
  std::string const token(made.json().at("token").as_string());
  auto const status = [&](std::string const& target) {
    return world.user_call(token, "GET", target).status;
  };
  CHECK(status("/projects/1/runners") == 404);
  REQUIRE(
      world.call("POST", "/_test/members", R"({"username":"ann","project":"group/one","level":40})")
          .status == 204);
  CHECK(status("/projects/1/runners") == 200);
  CHECK(status("/groups/other%2Fsub/runners") == 404);
  REQUIRE(world.call("POST", "/_test/members", R"({"username":"ann","group":"other","level":50})")
              .status == 204);
  CHECK(status("/groups/other%2Fsub/runners") == 200);

  auto const late =
      world.call("POST", "/_test/users", R"({"username":"ann","expires_in":-1})").json();
  CHECK(world.user_call(std::string(late.at("token").as_string()), "GET", "/user")
            .json()
            .at("error_description") ==
        "Token is expired. You can either do re-authorization or token refresh.");
  auto const gone =
      world.call("POST", "/_test/users", R"({"username":"ann","revoked":true})").json();
  CHECK(world.user_call(std::string(gone.at("token").as_string()), "GET", "/user")
            .json()
            .at("error_description") ==
        "Token was revoked. You have to re-authorize from the user.");
  CHECK(gone.at("id") == late.at("id"));
}

TEST_CASE("settings and the past of a runner can be ordered", "[coordinator][knobs]") {
  coordinator_world world(with_knobs());
  REQUIRE(world.call("POST", "/_test/settings", R"({"runner_token_lifetime":60})").status == 204);
  auto const made =
      world.admin_call("POST", "/user/runners", R"({"runner_type":"instance_type"})").json();
  CHECK(made.at("token_expires_at") == coordinator::json_time(world.in->now() + 60'000));
  REQUIRE(world.call("POST", "/_test/settings", R"({"runner_token_lifetime":null})").status == 204);
  CHECK(world.admin_call("POST", "/runners/1/reset_authentication_token")
            .json()
            .at("token_expires_at")
            .is_null());

  auto const status = [&] {
    return std::string(world.admin_call("GET", "/runners/1").json().at("status").as_string());
  };
  world.call("POST", "/_test/runners/1", R"({"contacted_ago":60})");
  CHECK(status() == "online");
  world.call("POST", "/_test/runners/1", R"({"contacted_ago":7200})");
  CHECK(status() == "offline");
  world.call("POST", "/_test/runners/1", R"({"contacted_ago":700000,"created_ago":700000})");
  CHECK(status() == "stale");
  CHECK(world.call("POST", "/_test/runners/7", "{}").status == 404);

  world.call("POST", "/_test/settings", R"({"registration_tokens":false})");
  CHECK(world.call("POST", "/runners", R"({"token":"GR1348941registration"})").status == 410);
}

TEST_CASE("what cannot be ordered is refused", "[coordinator][knobs]") {
  struct row {
    char const* target;
    char const* body;
    char const* answer;
  };
  auto const at = GENERATE(values<row>({
      {"/_test/users", "{}", R"({"error":"username is missing"})"},
      {"/_test/projects", R"({"path":""})", R"({"error":"path is invalid"})"},
      {"/_test/settings", R"({"runner_token_lifetime":9223372036854775807})",
       R"({"error":"runner_token_lifetime is invalid"})"},
      {"/_test/members", R"({"username":"root","group":"none"})",
       R"({"error":"project, group are missing, exactly one parameter must be provided"})"},
  }));
  CAPTURE(at.body);
  coordinator_world world(with_knobs());
  CHECK(world.call("POST", at.target, at.body).body == at.answer);
  coordinator_world without;
  CHECK(without.call("POST", at.target, at.body).status == 404);
}

TEST_CASE("managers that are stale are forgotten", "[coordinator][runners]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto const hear = [&](std::string const& system_id) {
    world.call("POST", "/runners/verify",
               fmt::format(R"({{"token":"glrt-one","system_id":"{}"}})", system_id));
  };
  auto const count = [&] {
    return world.admin_call("GET", "/runners/1/managers").json().as_array().size();
  };
  CHECK_FALSE(coordinator::forget_stale_managers(*world.in));
  hear("s_1");
  world.time.advance(24h);
  hear("s_2");
  CHECK(coordinator::forget_stale_managers(*world.in) ==
        world.in->now() + (6 * 24 + 1) * 3'600'000LL);
  world.time.advance(6 * 24h - 1ms);
  coordinator::forget_stale_managers(*world.in);
  CHECK(count() == 2);
  world.time.advance(1ms);
  coordinator::forget_stale_managers(*world.in);
  CHECK(count() == 1);
}

TEST_CASE("a configuration is judged without running it", "[coordinator][lint]") {
  coordinator_world world;
  world.add_project("group/one");
  auto const good = world
                        .admin_call("POST", "/projects/1/ci/lint",
                                    R"({"content":"a:\n  script: x\n","include_jobs":true})")
                        .json();
  CHECK(good.at("valid") == true);
  CHECK(good.at("errors").as_array().empty());
  CHECK(good.at("jobs").as_array().at(0).at("name") == "a");
  auto const bad =
      world.admin_call("POST", "/projects/1/ci/lint", R"({"content":"a:\n  scrip: x\n"})").json();
  CHECK(bad.at("valid") == false);
  CHECK_FALSE(bad.at("errors").as_array().empty());
  CHECK(world.admin_call("POST", "/projects/1/ci/lint", "{}").body ==
        R"({"error":"content is missing"})");
  CHECK(world.admin_call("POST", "/projects/2/ci/lint", R"({"content":"a"})").status == 404);
}
