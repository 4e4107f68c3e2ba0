// Calls of the Runners API by a person: what is sent, what is repeated and how long that may take.

#include "runner/gitlab/management.hpp"
#include "test/runner/gitlab/api_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using namespace corunner::gitlab;
using namespace std::chrono_literals;
using test::api_world;
using test::json_answer;

TEST_CASE("a call in the name of a person carries the access token and no body to a GET",
          "[gitlab][runners]") {
  api_world world;
  auto client = world.client();
  world.answers = {json_answer(200, "[]")};
  management_call call;
  call.path = "projects/a%2Fb/runners";
  call.query = "status=online&page=2";
  call.access_token = secret("glpat-1");
  auto const answer = world.ask(client.manage(call));
  CHECK(answer.ok());
  CHECK(answer.is_json());
  CHECK(answer.body == "[]");
  CHECK(world.seen[0].line == "GET /api/v4/projects/a%2Fb/runners?status=online&page=2");
  CHECK(world.seen[0].fields.get("PRIVATE-TOKEN") == "glpat-1");
  CHECK(world.seen[0].body.empty());
}

TEST_CASE("a call with values sends them as JSON", "[gitlab][runners]") {
  api_world world;
  auto client = world.client();
  world.answers = {json_answer(200, "{}")};
  management_call call;
  call.method = "PUT";
  call.path = "runners/6";
  call.body = {{"paused", true}};
  world.ask(client.manage(call));
  CHECK(world.seen[0].line == "PUT /api/v4/runners/6");
  CHECK(world.seen[0].body == R"({"paused":true})");
  CHECK(world.seen[0].fields.get("Content-Type") == "application/json");
  CHECK_FALSE(world.seen[0].fields.contains("PRIVATE-TOKEN"));
}

TEST_CASE("what makes something is not sent again after an answer that leaves open what was done",
          "[gitlab][runners]") {
  auto const& [status, once, sent] =
      GENERATE(table<int, bool, std::size_t>({{502, true, 1},
                                              {500, true, 1},
                                              {504, true, 1},
                                              {429, true, 5},
                                              {503, true, 5},
                                              {502, false, 5}}));
  CAPTURE(status, once);
  api_world world;
  auto client = world.client();
  for (int i = 0; i < 6; ++i) world.answers.push_back({status});
  management_call call;
  call.method = "POST";
  call.path = "user/runners";
  call.body = {{"runner_type", "instance_type"}};
  call.only_once = once;
  CHECK(world.ask(client.manage(call)).status == status);
  CHECK(world.seen.size() == sent);
}

TEST_CASE("nobody waits minutes at the terminal: the refusal that asks for it is the answer",
          "[gitlab][runners]") {
  auto const& [seconds, sent] = GENERATE(table<int, std::size_t>({{30, 2}, {31, 1}, {3600, 1}}));
  api_world world;
  auto client = world.client();
  world.answers = {{429, {{"Retry-After", std::to_string(seconds)}}, ""}, json_answer(200, "[]")};
  management_call call;
  call.path = "runners";
  auto const answer = world.ask(client.manage(call));
  CHECK(world.seen.size() == sent);
  CHECK(answer.status == (sent == 1 ? 429 : 200));
  if (sent == 1) CHECK(answer.retry_after == std::chrono::seconds(seconds));
}

TEST_CASE("an answer from elsewhere says where it came from, and no token went there",
          "[gitlab][runners]") {
  api_world world;
  auto client = world.client();
  world.answers = {{301, {{"Location", "http://store.test/api/v4/runners"}}, ""},
                   json_answer(401, "{}")};
  management_call call;
  call.path = "runners";
  call.access_token = secret("glpat-1");
  auto const answer = world.ask(client.manage(call));
  CHECK(answer.moved_to == "http://store.test");
  CHECK_FALSE(world.seen[1].fields.contains("PRIVATE-TOKEN"));
}

TEST_CASE("a connection that is lost has its reason", "[gitlab][runners]") {
  api_world world;
  auto client = world.client();
  world.answers = {{.drop = true}, {.drop = true}};
  management_call call;
  call.path = "runners";
  auto const answer = world.ask(client.manage(call));
  CHECK(answer.status < 0);
  CHECK(answer.failure.starts_with("GET http://gitlab.test/api/v4/runners: "));
}
