// What a watchdog may ask: whether asking for jobs has come to a standstill.

#include "test/runner/manager/manager_world.hpp"

#include <catch2/catch_test_macros.hpp>

namespace corunner::test {

namespace {

using namespace std::chrono_literals;

}  // namespace

TEST_CASE("failures, held requests, full slots and a stop are no standstill", "[manager][stall]") {
  manager_world w;
  w.values.concurrent = 1;
  w.entry("glrt-one");
  SECTION("a server that fails") {
    w.on_poll = [](asked_call const&) { return told{.status = 500}; };
  }
  SECTION("a server that holds") {
    w.on_poll = [](asked_call const&) { return told{.status = 204, .after = 50s}; };
  }
  SECTION("a job in the only slot") {
    w.on_poll = [](asked_call const&) { return manager_world::job(1, "sleep 7200s"); };
  }
  SECTION("a stop") {
    w.on_poll = [](asked_call const&) { return told{.after = 50s}; };
  }
  w.start();
  for (int minute = 0; minute < 60; ++minute) {
    w.run_for(1min);
    REQUIRE_FALSE(w.jobs().stalled());
    if (minute == 30) w.jobs().stop_gracefully();
  }
}

TEST_CASE("the longest pauses that a server can ask for are none", "[manager][stall]") {
  manager_world w;
  w.entry("glrt-one");
  w.on_poll = [](asked_call const&) {
    return told{.status = 503, .fields = {{"Retry-After", "172800"}}};
  };
  w.start();
  for (int hour = 0; hour < 30; ++hour) {
    w.run_for(1h);
    REQUIRE_FALSE(w.jobs().stalled());
  }
  CHECK(w.polls().size() > 20);
}

}  // namespace corunner::test
