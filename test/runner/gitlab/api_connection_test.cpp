// What every call does around its request: repetition, pauses, TLS files, texts of lost
// connections.

#include "test/runner/gitlab/api_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <filesystem>
#include <fstream>

#include <unistd.h>

using namespace corunner;
using namespace corunner::gitlab;
using namespace std::chrono_literals;
using test::api_world;
using test::canned_answer;
using test::json_answer;

TEST_CASE("statuses that may get better are tried five times", "[gitlab][api]") {
  auto const status = GENERATE(408, 429, 500, 502, 503, 504, 512, 599);
  CAPTURE(status);
  api_world world;
  auto client = world.client();
  for (int i = 0; i < 6; ++i) world.answers.push_back({status});
  auto const begin = world.time.now();
  auto const answer = world.ask(client.request_job({}));
  CHECK(answer.retried);
  CHECK(world.seen.size() == 5);
  CHECK(answer.what == (status == 503 ? poll_answer::kind::unavailable
                                      : poll_answer::kind::failed));
  CHECK(world.time.now() - begin >= 400ms);
  CHECK(world.time.now() - begin <= 1500ms);
  CHECK(world.seen[0].fields.get("X-Request-Id") == world.seen[4].fields.get("X-Request-Id"));
  CHECK(world.seen[4].body == world.seen[0].body);
}

TEST_CASE("other statuses and lost connections are not tried again", "[gitlab][api]") {
  auto const answer = GENERATE(values<canned_answer>(
      {{400}, {401}, {404}, {409}, {501}, {505}, {511}, {.drop = true}}));
  api_world world;
  auto client = world.client();
  world.answers = {answer};
  CHECK_FALSE(world.ask(client.request_job({})).retried);
  CHECK(world.seen.size() == 1);
}

TEST_CASE("the server says how long to wait", "[gitlab][api]") {
  struct row {
    net::http_fields fields;
    net::time_source::duration pause;
    std::string refused;
  };
  auto const& [fields, pause, refused] = GENERATE(values<row>({
      {{{"Retry-After", "7"}}, 7s, ""},
      {{{"RateLimit-ResetTime", "Fri, 02 Jan 2026 03:04:25 GMT"}, {"Retry-After", "7"}}, 20s, ""},
      {{{"RateLimit-ResetTime", "Fri, 02 Jan 2026 03:04:00 GMT"}, {"Retry-After", "7"}}, 7s, ""},
      {{{"Retry-After", "Fri, 02 Jan 2026 03:05:05 GMT"}}, 100ms, "Fri, 02 Jan 2026 03:05:05 GMT"},
      {{{"RateLimit-ResetTime", "soon"}, {"Retry-After", "7s"}}, 100ms, "7s"},
      {{{"Retry-After", "86400"}}, 1h, ""},
      {{{"RateLimit-ResetTime", "Fri, 02 Jan 2099 03:04:25 GMT"}}, 1h, ""},
      {{{"Retry-After", "0"}}, 100ms, ""},
      {{{"Retry-After", "-5"}}, 100ms, ""},
      {{}, 100ms, ""},
  }));
  api_world world;
  std::vector<retry_pause> pauses;
  world.options.waiting = [&](std::string const& method, net::url const& target,
                              retry_pause const& one) {
    CHECK(method == "POST");
    CHECK(target.to_string() == "http://gitlab.test/api/v4/jobs/request");
    pauses.push_back(one);
  };
  auto client = world.client();
  world.answers = {{429, fields}, {204}};
  auto const begin = world.time.now();
  auto const answer = world.ask(client.request_job({}));
  CHECK(answer.what == poll_answer::kind::none);
  CHECK(answer.retried);
  CHECK(world.time.now() - begin == pause);
  REQUIRE(pauses.size() == 1);
  CHECK(pauses[0].length == pause);
  CHECK(pauses[0].refused == refused);
}

TEST_CASE("the log of a lost connection says what its error code cannot", "[gitlab][api]") {
  api_world world;
  world.network.plan = [](net::dial_target const& target, std::size_t) {
    *target.explanation = "x509: certificate is valid for a, not b";
    test::dial_plan plan;
    plan.refuse = asio::error::connection_refused;
    return plan;
  };
  auto client = world.client();
  CHECK(world.ask(client.request_job({})).message ==
        "POST http://gitlab.test/api/v4/jobs/request: x509: certificate is valid for a, not b");
}

TEST_CASE("a TLS file that has changed ends the connections that were made before",
          "[gitlab][api]") {
  bool const changed = GENERATE(false, true);
  api_world world;
  world.options.tls.ca_file = std::filesystem::temp_directory_path() /
                              ("corunner-changed-" + std::to_string(::getpid()));
  std::ofstream(world.options.tls.ca_file) << "one\n";
  auto client = world.client();
  world.answers = {canned_answer{204}, canned_answer{204}};
  world.ask(client.request_job({}));
  if (changed) std::ofstream(world.options.tls.ca_file) << "another\n";
  world.ask(client.request_job({}));
  CHECK(world.network.dialed().size() == (changed ? 2 : 1));
  std::filesystem::remove(world.options.tls.ca_file);
}

TEST_CASE("the CA file is handed to jobs as it is", "[gitlab][api]") {
  api_world world;
  world.options.tls.ca_file = std::filesystem::temp_directory_path() /
                              ("corunner-ca-" + std::to_string(::getpid()));
  std::ofstream(world.options.tls.ca_file) << "PEM\n";
  auto client = world.client();
  world.answers = {json_answer(201, R"({"id": 7, "token": "t"})")};
  CHECK(world.ask(client.request_job({})).job->ca_chain == "PEM\n");
  std::filesystem::remove(world.options.tls.ca_file);
}
