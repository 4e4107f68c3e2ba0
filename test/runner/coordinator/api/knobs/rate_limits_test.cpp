#include "runner/coordinator/rate_limits.hpp"

#include "runner/gitlab/retry.hpp"
#include "test/runner/coordinator/world.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;
using namespace std::chrono_literals;
using test::coordinator_world;

namespace {

struct limited_world : coordinator_world {
  limited_world() : coordinator_world({.long_poll = 0ms, .test_endpoints = true}) {}

  void limit(std::string const& json_body) {
    REQUIRE(call("POST", "/_test/rate_limits", json_body).status == 204);
  }
  // Into the first second of a period of a minute.
  void begin_period() { time.advance(std::chrono::milliseconds(60'000 - in->now() % 60'000)); }
};

}  // namespace

TEST_CASE("a request too many is refused until the period is over", "[coordinator][knobs]") {
  limited_world world;
  world.add_runner("glrt-one");
  world.add_runner("glrt-two");
  world.limit(R"({"endpoint":"request_job","requests":2,"period":60})");
  world.begin_period();
  CHECK(world.request_job("glrt-one").status == 204);
  world.time.advance(20s);
  CHECK(world.request_job("glrt-one").status == 204);
  auto const refused = world.request_job("glrt-one");
  CHECK(refused.status == 429);
  CHECK(
      refused.body ==
      R"({"message":{"error":"This endpoint has been requested too many times. Try again later."}})");
  CHECK(refused.field("Retry-After") == "40");
  CHECK(refused.field("RateLimit-Limit") == "2");
  CHECK(refused.field("RateLimit-Observed") == "3");
  CHECK(refused.field("RateLimit-Remaining") == "0");
  CHECK(gitlab::parse_http_date(refused.field("RateLimit-ResetTime")) ==
        world.time.wall_now() + 40s);
  // Another runner is counted alone.
  CHECK(world.request_job("glrt-two").status == 204);
  world.time.advance(40s);
  CHECK(world.request_job("glrt-one").status == 204);
}

TEST_CASE("calls for a job are counted by its token, wherever it stands", "[coordinator][knobs]") {
  limited_world world;
  world.add_runner("glrt-one");
  world.add_pipeline("a:\n  script: x\nb:\n  script: x\n");
  auto const first = world.take_job("glrt-one");
  auto const second = world.take_job("glrt-one");
  world.limit(R"({"endpoint":"append_trace","requests":1})");
  world.limit(R"({"endpoint":"update_job","requests":1})");
  world.begin_period();
  CHECK(world.patch_trace(first, "0-1", "ab").status == 202);
  CHECK(world.patch_trace(first, "2-3", "cd").status == 429);
  CHECK(world.patch_trace(second, "0-1", "ab").status == 202);
  CHECK(world.put_job(first, "running").status == 200);
  CHECK(world.put_job(first, "success").status == 429);
  CHECK(world.status_of(1) == "running");
  CHECK(world.call("DELETE", "/_test/rate_limits").status == 204);
  CHECK(world.put_job(first, "success").status == 200);
}

TEST_CASE("a limit that makes no sense is refused", "[coordinator][knobs]") {
  limited_world world;
  CHECK(world.call("POST", "/_test/rate_limits", R"({"endpoint":"*","requests":-1})").status ==
        400);
  CHECK(world.call("POST", "/_test/rate_limits", R"({"endpoint":"*","period":0})").status == 400);
  CHECK(world.call("POST", "/_test/rate_limits", R"({"requests":1})").status == 400);
}

TEST_CASE("tokens without end take no memory without end", "[coordinator][knobs]") {
  coordinator::rate_limits limits;
  limits.set("request_job", 1, 1000);
  bool refused = false;
  for (int i = 0; i < 10'000; ++i) {
    refused = refused || limits.count("request_job", std::to_string(i), 5);
  }
  CHECK_FALSE(refused);
  CHECK_FALSE(limits.count("request_job", "one more", 5));
  CHECK(limits.count("request_job", "and another", 5));
  CHECK(limits.count("request_job", "7", 5));
  CHECK_FALSE(limits.count("request_job", "and another", 1000));
}
