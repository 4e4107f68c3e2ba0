// Slots that come and go while requests are under way.

#include "test/runner/manager/manager_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

namespace corunner::test {

namespace {

using namespace std::chrono_literals;
using texts = std::vector<std::string>;

// Two slots: the first takes job 1, which runs for a minute; the request of the second takes 2 s
// and brings job 2, after `concurrent` was lowered to 1.
struct late_job_world : manager_world {
  late_job_world() {
    values.concurrent = 2;
    entry("glrt-a");
    on_poll = [this](asked_call const&) {
      if (++asked > 2) return told{};
      auto answer = job(asked, "sleep 1m");
      if (asked == 2) answer.after = 2s;
      return answer;
    };
    on_put = [this](asked_call const& call) {
      bool const waits = call.text("state") == "pending";
      return waits ? to_pending : told{.status = 200};
    };
  }
  void begin() {
    start();
    run_for(1s);
    reconfigure([](config::configuration& to) { to.concurrent = 1; });
    run_for(1500ms);
    CHECK(dummies().prepared == 1);
  }

  int asked = 0;
  told to_pending{.status = 200};
};

}  // namespace

TEST_CASE("a job that comes when its slot has gone stays pending, then starts in the next slot",
          "[manager][slots]") {
  late_job_world w;
  w.begin();
  CHECK(w.logged("Job waits for a free slot") == 1);
  CHECK(w.jobs().running_jobs() == 2);
  CHECK(w.states_of(2) == texts{"pending"});
  w.run_for(50s);
  CHECK(w.states_of(2) == texts{"pending"});
  w.run_for(10s);  // the first ends: no request comes between
  CHECK(w.states_of(2).back() == "running");
  CHECK(w.dummies().prepared == 1);
  CHECK(w.polls().size() == 2);
  w.run_for(62s);
  CHECK(w.states_of(2).back() == "success");
  CHECK(w.polls().size() > 2);
}

TEST_CASE("a waiting job is renewed before the server gives it away", "[manager][slots]") {
  late_job_world w;
  w.begin();
  w.reconfigure([](config::configuration& to) { to.concurrent = 0; });
  w.run_for(10min);
  auto const states = w.states_of(2);
  CHECK(states == texts(states.size(), "pending"));
  CHECK((states.size() >= 10 && states.size() <= 12));
  w.reconfigure([](config::configuration& to) { to.concurrent = 1; });
  CHECK(w.states_of(2).back() == "running");
}

TEST_CASE("a server that considers the job running is told so while it waits, and its log why",
          "[manager][slots]") {
  late_job_world w;
  w.to_pending.status = GENERATE(400, 409);
  w.begin();
  CHECK(w.states_of(2) == texts{"pending", "running"});
  CHECK(w.dummies().prepared == 1);
  w.run_for(5s);
  bool patched = false;
  for (auto const& call : w.calls()) patched = patched || call.line == "PATCH /api/v4/jobs/2/trace";
  CHECK(patched);
  w.run_for(2min);
  CHECK(w.states_of(2).back() == "success");
}

TEST_CASE("a waiting job that the server takes back is forgotten", "[manager][slots]") {
  late_job_world w;
  w.to_pending.status = 403;
  w.begin();
  w.run_for(1s);
  CHECK(w.jobs().running_jobs() == 1);
  CHECK(w.states_of(2) == texts{"pending"});
  w.run_for(2min);
  CHECK(w.states_of(2) == texts{"pending"});
  CHECK(w.polls().size() > 2);
}

TEST_CASE("a graceful stop leaves a pending job to other runners and lets the other end",
          "[manager][slots]") {
  late_job_world w;
  w.begin();
  w.jobs().stop_gracefully();
  w.run_for(1s);
  CHECK(w.jobs().running_jobs() == 1);
  w.run_for(1min);
  CHECK(w.ended() == manager_end::stopped);
  CHECK(w.states_of(2) == texts{"pending"});
  CHECK(w.states_of(1).back() == "success");
}

TEST_CASE("a graceful stop runs a waiting job that no other runner can have", "[manager][slots]") {
  late_job_world w;
  w.to_pending.status = 409;
  w.begin();
  w.reconfigure([](config::configuration& to) { to.concurrent = 0; });
  w.jobs().stop_gracefully();
  w.run_for(3min);
  CHECK(w.ended() == manager_end::stopped);
  CHECK(w.states_of(2).back() == "success");
}

TEST_CASE("a forced stop ends both: the pending one without a word, the other as interrupted",
          "[manager][slots]") {
  late_job_world w;
  w.begin();
  w.jobs().stop_forcefully("terminated");
  w.run_for(5s);
  CHECK(w.ended() == manager_end::stopped);
  CHECK(w.states_of(2) == texts{"pending"});
  CHECK(w.states_of(1).back() == "failed");
}

TEST_CASE("more slots are filled at once, fewer are not asked for until jobs have ended",
          "[manager][slots]") {
  manager_world w;
  w.entry("glrt-a");
  std::int64_t next = 1;
  w.on_poll = [&](asked_call const&) { return manager_world::job(next++, "sleep 1m"); };
  w.start();
  w.run_for(1s);
  REQUIRE(w.jobs().running_jobs() == 1);
  w.reconfigure([](config::configuration& to) { to.concurrent = 3; });
  w.run_for(100ms);
  CHECK(w.jobs().running_jobs() == 3);
  w.reconfigure([](config::configuration& to) { to.concurrent = 1; });
  w.run_for(50s);
  CHECK(w.polls().size() == 3);
  w.run_for(30s);
  CHECK(w.polls().size() == 4);
  CHECK(w.jobs().running_jobs() == 1);
}

}  // namespace corunner::test
