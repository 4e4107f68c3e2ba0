#include "runner/coordinator/token.hpp"
#include "test/runner/coordinator/world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

#include <chrono>

using namespace corunner;
using namespace std::chrono_literals;
using test::coordinator_world;

TEST_CASE("requests without a good access token are refused in GitLab's words",
          "[coordinator][runners]") {
  coordinator_world world;
  CHECK(world.call("GET", "/runners").body == R"({"message":"401 Unauthorized"})");
  net::http_fields unknown{{"PRIVATE-TOKEN", "glpat-x"}};
  CHECK(world.call("GET", "/runners", {}, unknown).status == 401);
  CHECK(world.call("GET", "/user?private_token=" + world.admin).status == 200);
  net::http_fields bearer{{"Authorization", "Bearer " + world.admin}};
  CHECK(world.call("GET", "/user", {}, bearer).json().at("username") == "root");
}

TEST_CASE("unknown paths, methods and versions get their own errors", "[coordinator][api]") {
  coordinator_world world;
  CHECK(world.call("GET", "/nothing/here").body == R"({"error":"404 Not Found"})");
  auto const wrong = world.call("PATCH", "/runners");
  CHECK(wrong.status == 405);
  CHECK(wrong.body == R"({"error":"405 Not Allowed"})");
  CHECK(wrong.field("Allow").find("POST") != std::string::npos);
  auto const old = world.begin("GET", "/api/v3/runners");
  test::settle(world.io);
  CHECK(old->status == 410);
}

TEST_CASE("a request id is echoed", "[coordinator][api]") {
  coordinator_world world;
  net::http_fields fields{{"X-Request-Id", "abc"}};
  CHECK(world.call("GET", "/user", {}, fields).field("X-Request-Id") == "abc");
  CHECK(world.call("GET", "/user").field("X-Request-Id").size() == 32);
}

TEST_CASE("a runner made by a user has a token of its own and starts unseen",
          "[coordinator][runners]") {
  coordinator_world world;
  auto const made = world.admin_call(
      "POST", "/user/runners",
      R"({"runner_type":"instance_type","description":"one","tag_list":"a, b,,a"})");
  REQUIRE(made.status == 201);
  std::string const token(made.json().at("token").as_string());
  CHECK(token.starts_with("glrt-"));
  CHECK(made.json().at("token_expires_at").is_null());

  auto const shown =
      world.admin_call("GET", fmt::format("/runners/{}", made.json().at("id").as_int64())).json();
  CHECK(shown.at("online").is_null());
  CHECK(shown.at("status") == "never_contacted");
  CHECK(shown.at("tag_list").as_array().size() == 2);
  CHECK(shown.at("created_by").at("username") == "root");

  auto const verified = world.call("POST", "/runners/verify", R"({"token":")" + token + R"("})");
  CHECK(verified.status == 200);
  CHECK(verified.json().at("token").as_string() == token);
  CHECK(world.admin_call("GET", "/runners/1").json().at("status") == "online");
}

TEST_CASE("bad parameters of a new runner are told", "[coordinator][runners]") {
  struct row {
    char const* body;
    int status;
    char const* answer;
  };
  auto const [body, status, answer] = GENERATE(values<row>({
      {"{}", 400, R"({"error":"runner_type is missing, runner_type does not have a valid value"})"},
      {R"({"runner_type":"other"})", 400, R"({"error":"runner_type does not have a valid value"})"},
      {R"({"runner_type":"project_type"})", 400, R"({"error":"project_id is missing"})"},
      {R"({"runner_type":"instance_type","maximum_timeout":5})", 400,
       R"({"message":"400 Bad request - Maximum timeout needs to be at least 10 minutes"})"},
      {R"({"runner_type":"instance_type","maximum_timeout":"x"})", 400,
       R"({"error":"maximum_timeout is invalid"})"},
      {"{oops", 400, R"({"error":"the request body cannot be read"})"},
  }));
  CAPTURE(body);
  coordinator_world world;
  auto const got = world.admin_call("POST", "/user/runners", body);
  CHECK(got.status == status);
  CHECK(got.body == answer);
}

TEST_CASE("a registration token registers, unless that is not allowed", "[coordinator][runners]") {
  coordinator_world world;
  auto const good = world.call(
      "POST", "/runners",
      R"({"token":"GR1348941registration","info":{"name":"n"},"tag_list":"x,y","run_untagged":false})");
  REQUIRE(good.status == 201);
  CHECK(std::string(good.json().at("token").as_string()).starts_with("glrtr-"));
  auto const shown = world.admin_call("GET", "/runners/1").json();
  CHECK(shown.at("name") == "n");
  CHECK(shown.at("run_untagged") == false);
  CHECK(world.call("POST", "/runners", R"({"token":"no"})").body ==
        R"({"message":"403 Forbidden - invalid token supplied"})");
  CHECK(world.call("POST", "/runners", "{}").body == R"({"error":"token is missing"})");
  world.in->options.registration_tokens = false;
  auto const gone = world.call("POST", "/runners", R"({"token":"GR1348941registration"})");
  CHECK(gone.status == 410);
  CHECK(gone.body == R"({"message":"410 Gone - runner registration disallowed"})");
}

TEST_CASE("a runner is changed only by good settings", "[coordinator][runners]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  CHECK(world.admin_call("PUT", "/runners/1", "{}")
            .body.find("at least one parameter must be provided") != std::string::npos);
  CHECK(world.admin_call("PUT", "/runners/1", R"({"maximum_timeout":300})").body ==
        R"({"message":{"maximum_timeout":["needs to be at least 10 minutes"]}})");
  CHECK(world.admin_call("PUT", "/runners/1", R"({"active":true,"paused":true})").body ==
        R"({"error":"active, paused are mutually exclusive"})");
  CHECK(world.admin_call("PUT", "/runners/1", R"({"run_untagged":false})").status == 400);
  auto const changed =
      world.admin_call("PUT", "/runners/1", R"({"paused":true,"maximum_timeout":600})");
  CHECK(changed.status == 200);
  CHECK(changed.json().at("paused") == true);
  CHECK(world.admin_call("PUT", "/runners/1", R"({"maximum_timeout":null})")
            .json()
            .at("maximum_timeout")
            .is_null());
  CHECK(world.admin_call("PUT", "/runners/9", R"({"paused":true})").body ==
        R"({"message":"404 Runner Not Found"})");
}

TEST_CASE("a runner and its managers are deleted by its own token", "[coordinator][runners]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.call("POST", "/runners/verify", R"({"token":"glrt-one","system_id":"s_1"})");
  CHECK(world.call("DELETE", "/runners/managers", R"({"token":"glrt-one"})").body ==
        R"({"error":"system_id is missing"})");
  CHECK(
      world.call("DELETE", "/runners/managers", R"({"token":"glrt-one","system_id":"s_2"})").body ==
      R"({"message":"404 Runner manager not found Not Found"})");
  CHECK(world.call("DELETE", "/runners/managers", R"({"token":"glrt-one","system_id":"s_1"})")
            .status == 204);
  CHECK(world.admin_call("GET", "/runners/1").json().at("contacted_at").is_null());
  CHECK(world.call("DELETE", "/runners?token=glrt-one").status == 204);
  CHECK(world.call("DELETE", "/runners?token=glrt-one").status == 403);
  CHECK(world.admin_call("GET", "/runners/1").status == 404);
}

TEST_CASE("a reset token replaces the old one at once", "[coordinator][runners]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto const own =
      world.call("POST", "/runners/reset_authentication_token", R"({"token":"glrt-one"})");
  REQUIRE(own.status == 201);
  std::string const second(own.json().at("token").as_string());
  CHECK(world.call("POST", "/runners/verify", R"({"token":"glrt-one"})").status == 403);
  CHECK(world.call("POST", "/runners/verify", R"({"token":")" + second + R"("})").status == 200);
  auto const by_admin = world.admin_call("POST", "/runners/1/reset_authentication_token");
  CHECK(by_admin.status == 201);
  CHECK(world.call("POST", "/runners/verify", R"({"token":")" + second + R"("})").status == 403);
}

TEST_CASE("managers keep what they told of themselves", "[coordinator][runners]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.call(
      "POST", "/runners/verify",
      R"({"token":"glrt-one","system_id":"s_1","info":{"version":"19.4.0","platform":"linux","executor":"rocket"}})");
  world.call("POST", "/runners/verify", R"({"token":"glrt-one"})");
  auto const list = world.admin_call("GET", "/runners/1/managers").json().as_array();
  REQUIRE(list.size() == 2);
  CHECK(list[0].at("system_id") == "<legacy>");
  CHECK(list[1].at("system_id") == "s_1");
  CHECK(list[1].at("version") == "19.4.0");
  CHECK(list[1].at("ip_address") == "127.0.0.1");
  CHECK(list[1].at("status") == "online");
  CHECK(world.in->data.runners.managers(1)[1].executor == "unknown");
}

TEST_CASE("the status of a runner follows its last contact", "[coordinator][runners]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto const status = [&] {
    return std::string(world.admin_call("GET", "/runners/1").json().at("status").as_string());
  };
  world.call("POST", "/runners/verify", R"({"token":"glrt-one"})");
  CHECK(status() == "online");
  world.time.advance(2h);
  CHECK(status() == "offline");
  world.admin_call("PUT", "/runners/1", R"({"paused":true})");
  CHECK(status() == "paused");
  world.time.advance(7 * 24h);
  CHECK(status() == "stale");
}

TEST_CASE("lists are filtered and come in pages with the links that clients follow",
          "[coordinator][runners]") {
  coordinator_world world;
  for (int i = 1; i <= 25; ++i) {
    world.add_runner(fmt::format("glrt-{}", i), {i % 2 ? "odd" : "even", "all"});
  }
  world.call("POST", "/runners/verify", R"({"token":"glrt-3"})");
  auto const first = world.admin_call("GET", "/runners/all?tag_list=odd,all&per_page=10");
  CHECK(first.json().as_array().size() == 10);
  CHECK(first.field("X-Total") == "13");
  CHECK(first.field("X-Total-Pages") == "2");
  CHECK(first.field("X-Next-Page") == "2");
  CHECK(first.field("X-Prev-Page") == "");
  CHECK(
      first.field("Link") ==
      "<http://coordinator.test/api/v4/runners/all?tag_list=odd%2Call&page=2&per_page=10>; rel=\"next\", "
      "<http://coordinator.test/api/v4/runners/all?tag_list=odd%2Call&page=1&per_page=10>; rel=\"first\", "
      "<http://coordinator.test/api/v4/runners/all?tag_list=odd%2Call&page=2&per_page=10>; rel=\"last\"");
  CHECK(world.admin_call("GET", "/runners/all?status=online").json().as_array().size() == 1);
  CHECK(world.admin_call("GET", "/runners?per_page=500").field("X-Per-Page") == "100");
  CHECK(world.admin_call("GET", "/runners/all?scope=bogus").body ==
        R"({"error":"scope does not have a valid value"})");
  CHECK(world.admin_call("GET", "/runners/all?per_page=0").body ==
        R"({"error":"per_page has a value not allowed"})");
  CHECK(world.admin_call("GET", "/runners/all?scope=specific").json().as_array().empty());
}

TEST_CASE("project runners serve their projects and cannot leave their owner",
          "[coordinator][runners]") {
  coordinator_world world;
  auto const first = world.add_project("group/one");
  world.add_project("group/two");
  auto const made =
      world.admin_call("POST", "/user/runners",
                       fmt::format(R"({{"runner_type":"project_type","project_id":{}}})", first));
  REQUIRE(made.status == 201);
  CHECK(world.admin_call("GET", "/projects/group%2Ftwo/runners").json().as_array().empty());
  CHECK(world.admin_call("POST", "/projects/group%2Ftwo/runners", R"({"runner_id":1})").status ==
        201);
  CHECK(world.admin_call("POST", "/projects/group%2Ftwo/runners", R"({"runner_id":1})").status ==
        400);
  CHECK(world.admin_call("GET", "/projects/2/runners").json().as_array().size() == 1);
  CHECK(world.admin_call("DELETE", "/projects/1/runners/1").status == 403);
  CHECK(world.admin_call("DELETE", "/projects/2/runners/1").status == 204);
  CHECK(world.admin_call("GET", "/projects/none/runners").body ==
        R"({"message":"404 Project Not Found"})");
}

TEST_CASE("a token with a small scope opens only what it names", "[coordinator][runners]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto& access = world.in->data.access;
  access.add_token(1, coordinator::sha256("glpat-reads"), "reads", "read_api");
  access.add_token(1, coordinator::sha256("glpat-makes"), "makes", "create_runner");
  access.add_token(1, coordinator::sha256("glpat-late"), "late", "api", world.in->now());
  net::http_fields const reads{{"PRIVATE-TOKEN", "glpat-reads"}};
  net::http_fields const makes{{"PRIVATE-TOKEN", "glpat-makes"}};
  net::http_fields const late{{"PRIVATE-TOKEN", "glpat-late"}};
  std::string const body = R"({"runner_type":"instance_type"})";
  CHECK(world.call("GET", "/runners/1", {}, reads).status == 200);
  auto const refused = world.call("POST", "/user/runners", body, reads);
  CHECK(refused.status == 403);
  CHECK(refused.json().at("error") == "insufficient_scope");
  CHECK(world.call("POST", "/user/runners", body, makes).status == 201);
  CHECK(world.call("GET", "/runners/1", {}, makes).status == 403);
  CHECK(world.call("GET", "/runners/1", {}, late).json().at("error") == "invalid_token");
  access.revoke_token(coordinator::sha256("glpat-reads"));
  CHECK(world.call("GET", "/runners/1", {}, reads).json().at("error") == "invalid_token");
}
