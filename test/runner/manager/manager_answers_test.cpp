// What the manager makes of the answers to its requests for jobs: words in the log, pauses, health.

#include "test/runner/manager/manager_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

namespace corunner::test {

namespace {

using namespace std::chrono_literals;
using times = std::vector<double>;

told json_told(int status, std::string body) {
  return {
      .status = status, .fields = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

struct answered_world : manager_world {
  explicit answered_world(told answer) {
    entry("glrt-0123456789abcdef");
    on_poll = [answer](asked_call const&) { return answer; };
  }
};

}  // namespace

TEST_CASE("each answer to a request for a job is said with the words that log tools know",
          "[manager][answers]") {
  struct row {
    told answer;
    std::string_view level, text, status;
    std::size_t requests = 1;  // in the first second and a half: the client repeats what may pass
  };
  constexpr std::string_view failed = "Checking for jobs... failed";
  auto const one = GENERATE_COPY(values<row>({
      {json_told(200, "{}"), "warning", failed, "200 OK"},
      {json_told(202, "{}"), "warning", failed, "202 Accepted"},
      {json_told(201, "{\"id\":"), "warning", failed, "JSON"},
      {json_told(201, "{\"id\":\"x\"}"), "warning", failed, "id"},
      {json_told(201, "{}"), "warning", failed, "the job has no id or no token"},
      {told{.status = 201, .body = "{}"}, "warning", failed, "expected application/json, found ''"},
      {json_told(400, R"({"message":"no"})"), "warning", failed,
       "jobs/request: 400 Bad Request (no)"},
      {json_told(401, R"({"message":"401 Unauthorized"})"), "warning", failed, "401 Unauthorized"},
      {json_told(404, "{}"), "warning", failed, "404 Not Found ()"},
      {told{.status = 409, .body = "text"}, "warning", failed, "409 Conflict"},
      {told{.status = 422}, "warning", failed, "422 Unprocessable Entity"},
      {json_told(403, R"({"message":"403 Forbidden"})"), "error", "Checking for jobs... forbidden",
       "403 Forbidden"},
      {told{.status = 500}, "warning", failed, "500 Internal Server Error", 5},
      {told{.status = 429}, "warning", failed, "429 Too Many Requests", 5},
      {told{.status = 503}, "warning", "Checking for jobs... GitLab instance currently unavailable",
       "503 Service Unavailable", 5},
      {told{.drop = true}, "warning", failed, "http://gitlab.test/api/v4/jobs/request"},
  }));
  CAPTURE(one.answer.status, one.answer.body);
  answered_world w(one.answer);
  w.start();
  w.run_for(900ms);
  if (one.requests > 1) w.run_for(700ms);
  INFO(w.all_log());
  CHECK(w.polls().size() >= one.requests);
  REQUIRE(w.logged(one.text) == 1);
  for (auto const& line : w.log()) {
    if (line.find(one.text) == std::string::npos) continue;
    CHECK(line.find(" level=" + std::string(one.level) + " ") != std::string::npos);
    CHECK(line.find(one.status) != std::string::npos);
    CHECK(line.find("glrt-0123456789abcdef") == std::string::npos);
  }
  // Whoever cannot reach its server says what it waits for, each time.
  CHECK(w.logged("Waiting before making the next call") == one.requests - 1);
}

TEST_CASE("no job is said for debugging only", "[manager][answers]") {
  answered_world w(told{});
  w.start();
  w.run_for(1s);
  REQUIRE(w.logged("Checking for jobs...no content") == 1);
}

TEST_CASE("a URL that cannot be used is an error without a request", "[manager][answers]") {
  answered_world w(told{});
  w.values.runners[0].url = "ftp://gitlab.test";
  w.start();
  w.run_for(500ms);
  CHECK(w.logged("Checking for jobs... client error") == 1);
  CHECK(w.polls().empty());
}

TEST_CASE("an entry whose executor is not known is said and never asks, others go on",
          "[manager][answers]") {
  answered_world w(told{});
  w.values.runners[0].executor = "rocket";
  w.values.concurrent = 2;
  w.entry("glrt-good");
  w.start();
  w.run_for(7s);
  CHECK(w.logged(R"(Executor \"rocket\" is not known; marking Runner as unhealthy)") >= 2);
  CHECK(w.polled_at("glrt-good") == times{1.5, 4.5});
  CHECK(w.polls().size() == 2);
  w.reconfigure([](config::configuration& to) { to.runners[0].executor = "dummy"; });
  CHECK(w.polls().size() == 3);
}

TEST_CASE("pauses of a server that asks for them are kept, then the next request follows",
          "[manager][answers]") {
  answered_world w(told{.status = 503, .fields = {{"Retry-After", "2"}}});
  w.start();
  w.run_for(8500ms);
  CHECK(w.polled_at() == times{0, 2, 4, 6, 8});
}

TEST_CASE("a refused entry with the keys for it is disabled, forced and disabled again",
          "[manager][answers][health]") {
  answered_world w(json_told(403, "{}"));
  w.values.runners[0].unhealthy_requests_limit = 3;
  w.values.runners[0].unhealthy_interval = 12s;
  w.start();
  w.run_for(24500ms);
  CHECK(w.polled_at() == times{0, 3, 6, 12, 15, 18, 24});
  INFO(w.all_log());
  CHECK(w.logged(R"(Runner \"http://gitlab.test012345678\" is unhealthy and will be disabled for )"
                 "12s seconds!") == 2);
  CHECK(
      w.logged(R"(Runner \"http://gitlab.test012345678\" is not healthy, but check for a new job )"
               "will be forced!") == 2);
  CHECK(w.logged("unhealthy_requests=3") == 4);
  CHECK(w.logged("unhealthy_interval=12s") == 2);
  w.jobs().each_poll([](auto const&, poll_plan::figures const& how) { CHECK(how.refusals == 7); });
}

TEST_CASE("any new configuration asks a disabled entry at once", "[manager][answers][health]") {
  answered_world w(json_told(403, "{}"));
  w.values.runners[0].unhealthy_requests_limit = 1;
  w.start();
  w.run_for(30s);
  REQUIRE(w.polls().size() == 1);
  w.reconfigure([](config::configuration& to) { to.check_interval = 5; });
  CHECK(w.polls().size() == 2);
}

TEST_CASE(
    "a refused entry without these keys is asked less and less often, others keep their rhythm",
    "[manager][answers][health]") {
  answered_world w(told{});
  w.values.concurrent = 2;
  w.entry("glrt-good");
  w.on_poll = [](asked_call const& call) {
    return call.text("token") == "glrt-good" ? told{} : json_told(403, "{}");
  };
  w.start();
  w.run_for(10min);
  auto const refused = w.polled_at("glrt-0123456789abcdef").size();
  CHECK((refused > 10 && refused < 60));
  CHECK(w.polled_at("glrt-good").size() == 200);
  CHECK(w.logged("unhealthy") == 0);
}

TEST_CASE("a server that comes back is asked within seconds and then as usual",
          "[manager][answers]") {
  answered_world w(told{});
  bool away = true;
  w.on_poll = [&](asked_call const&) { return told{.drop = away}; };
  w.start();
  w.run_for(10s);
  auto const before = w.polls().size();
  CHECK(before >= 3);
  away = false;
  w.run_for(63s);
  auto const after = w.polled_at();
  REQUIRE(after.size() > before + 2);
  CHECK(after[after.size() - 1] - after[after.size() - 2] == 3);
}

}  // namespace corunner::test
