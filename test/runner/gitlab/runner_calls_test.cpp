#include "runner/gitlab/retry.hpp"
#include "test/runner/gitlab/api_world.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using namespace corunner::gitlab;
using namespace std::chrono_literals;
using test::api_world;
using test::json_answer;
using enum corunner::gitlab::runner_answer::kind;

namespace {

boost::json::object body_of(test::seen_request const& request) {
  return boost::json::parse(request.body).as_object();
}

std::string const identity =
    R"({"id": 12, "token": "glrt-new", "token_expires_at": "2026-02-03T04:05:06.789Z"})";

}  // namespace

TEST_CASE("a runner is registered with what the user said", "[gitlab][api]") {
  api_world world;
  world.options.token = {};
  auto client = world.client();
  world.answers = {json_answer(201, identity)};
  registration what;
  what.token = secret("registration");
  what.description = "d";
  what.tag_list = "a,b";
  what.run_untagged = true;
  what.maximum_timeout = 600;
  auto const answer = world.ask(client.register_runner(what));
  CHECK(answer.what == ok);
  CHECK(answer.runner.id == 12);
  CHECK(answer.runner.token.reveal() == "glrt-new");
  CHECK(answer.runner.token_expires_at == parse_iso_time("2026-02-03T04:05:06Z").value() + 789ms);
  CHECK(world.seen[0].line == "POST /api/v4/runners");
  CHECK(world.seen[0].fields.get("RUNNER-TOKEN") == "registration");
  auto const body = body_of(world.seen[0]);
  CHECK(body.at("token") == "registration");
  CHECK(body.at("description") == "d");
  CHECK(body.at("tag_list") == "a,b");
  CHECK(body.at("run_untagged") == true);
  CHECK(body.at("locked") == false);
  CHECK(body.at("paused") == false);
  CHECK(body.at("maximum_timeout") == 600);
  CHECK_FALSE(body.contains("maintenance_note"));
  CHECK_FALSE(body.contains("access_level"));
  CHECK_FALSE(body.at("info").as_object().contains("executor"));
  CHECK(body.at("info").at("features").at("variables") == false);
  CHECK(body.at("info").at("features").at("cancelable") == true);
}

TEST_CASE("a token that never expires has null for its expiry", "[gitlab][api]") {
  api_world world;
  auto client = world.client();
  world.answers = {json_answer(200, R"({"id": 12, "token": "t", "token_expires_at": null})")};
  auto const answer = world.ask(client.verify());
  CHECK(answer.what == ok);
  CHECK_FALSE(answer.runner.token_expires_at);
  CHECK(world.seen[0].line == "POST /api/v4/runners/verify");
  CHECK(body_of(world.seen[0]).at("system_id") == "s_0123456789ab");
  CHECK(body_of(world.seen[0]).at("info").at("executor") == "shell");
}

TEST_CASE("an old server's plain answer to verify is asked for once more", "[gitlab][api]") {
  api_world world;
  auto client = world.client();
  world.answers = {{200, {{"Content-Type", "text/plain"}}, "200"},
                   {200, {{"Content-Type", "text/plain"}}, "200"}};
  auto const answer = world.ask(client.verify());
  CHECK(answer.what == ok);
  CHECK(answer.runner.id == 0);
  CHECK(world.seen.size() == 2);
}

TEST_CASE("statuses of calls about runners", "[gitlab][api]") {
  auto const& [status, expected] = GENERATE(table<int, runner_answer::kind>(
      {{403, forbidden}, {404, failed}, {410, failed}, {422, failed}, {400, failed}}));
  CAPTURE(status);
  api_world world;
  auto client = world.client();
  world.answers = {{status}, {status}, {status}, {status}, {status}};
  CHECK(world.ask(client.verify()).what == expected);
  CHECK(world.ask(client.unregister()).what == expected);
  CHECK(world.ask(client.reset_token()).what == expected);
  CHECK(world.ask(client.reset_token(5, secret("pat"))).what == expected);
  auto const last = world.ask(client.register_runner({}));
  CHECK(last.what == expected);
  CHECK(last.message.starts_with("POST http://gitlab.test/api/v4/runners: "));
}

TEST_CASE("unregistering removes a legacy runner, or this machine's part of a newer one",
          "[gitlab][api]") {
  api_world world;
  world.answers = {{204}, {204}};
  auto newer = world.client();
  CHECK(world.ask(newer.unregister()).what == ok);
  world.options.token = secret("legacy");
  auto legacy = world.client();
  CHECK(world.ask(legacy.unregister()).what == ok);
  CHECK(world.seen[0].line == "DELETE /api/v4/runners/managers");
  CHECK(body_of(world.seen[0]).at("token") == "glrt-runner-token");
  CHECK(body_of(world.seen[0]).at("system_id") == "s_0123456789ab");
  CHECK(world.seen[0].fields.get("Content-Type") == "application/json");
  CHECK(world.seen[1].line == "DELETE /api/v4/runners");
  CHECK(world.seen[1].body == R"({"token":"legacy"})");
}

TEST_CASE("a token is reset by itself or by a personal access token", "[gitlab][api]") {
  api_world world;
  auto client = world.client();
  world.answers = {json_answer(201, identity), json_answer(201, identity)};
  CHECK(world.ask(client.reset_token()).runner.token.reveal() == "glrt-new");
  CHECK(world.ask(client.reset_token(12, secret("pat"))).what == ok);
  CHECK(world.seen[0].line == "POST /api/v4/runners/reset_authentication_token");
  CHECK(world.seen[0].body == R"({"token":"glrt-runner-token"})");
  CHECK_FALSE(world.seen[0].fields.contains("RUNNER-TOKEN"));
  CHECK(world.seen[1].line == "POST /api/v4/runners/12/reset_authentication_token");
  CHECK(world.seen[1].fields.get("PRIVATE-TOKEN") == "pat");
  CHECK(world.seen[1].body == "{}");
}

TEST_CASE("times of headers and of JSON", "[gitlab][api]") {
  using std::chrono::seconds;
  auto const at = [](std::int64_t unix_time) {
    return net::time_source::wall_time(seconds(unix_time));
  };
  CHECK(parse_http_date("Wed, 21 Oct 2015 07:28:00 GMT") == at(1445412480));
  CHECK(http_date(at(1445412480)) == "Wed, 21 Oct 2015 07:28:00 GMT");
  CHECK(parse_iso_time("2015-10-21T07:28:00Z") == at(1445412480));
  CHECK(parse_iso_time("2015-10-21T09:28:00.5+02:00") == at(1445412480) + 500ms);
  CHECK(parse_iso_time("2015-10-21T06:58:00-00:30") == at(1445412480));
  CHECK(parse_iso_time("9999-12-31T23:59:59Z") > at(9'000'000'000));  // past what fits: still late
  for (auto const* bad : {"", "soon", "Wed, 21 Oct 2015 07:28:00", "Wed, 32 Oct 2015 07:28:00 GMT",
                          "Wed, 21 Xxx 2015 07:28:00 GMT", "2015-10-21 07:28:00",
                          "2015-13-21T07:28:00Z", "2015-10-21T07:28:00", "-015-10-21T07:28:00Z"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_http_date(bad));
    CHECK_FALSE(parse_iso_time(bad));
  }
}
