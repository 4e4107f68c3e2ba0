// When the manager asks which server for jobs, over a GitLab in memory and under manual time. The
// numbers are those seen of GitLab Runner, or better where a comment says so.

#include "test/runner/manager/manager_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <string>

namespace corunner::test {

namespace {

using namespace std::chrono_literals;
using times = std::vector<double>;

std::string token(int number) { return "glrt-runner" + std::to_string(number); }

// A GitLab with so many jobs, then none.
void has_jobs(manager_world& w, std::int64_t count, std::string script) {
  w.on_poll = [left = count, next = std::int64_t{1}, script](asked_call const&) mutable {
    return left-- > 0 ? manager_world::job(next++, script) : told{};
  };
}

}  // namespace

TEST_CASE("entries ask in the order of the file, each once per check interval, spread over it",
          "[manager][polling]") {
  struct row {
    int entries;
    int interval;
    times first, second;
  };
  auto const [entries, interval, first, last] = GENERATE(values<row>({
      {1, 0, {0, 3, 6, 9, 12}, {0, 3, 6, 9, 12}},
      {1,
       1,
       {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12},
       {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
      {3, 0, {0, 3, 6, 9, 12}, {2, 5, 8, 11}},
      {3, -5, {0, 3, 6, 9, 12}, {2, 5, 8, 11}},
      {3, 10, {0, 10}, {6.7}},
      {10, 0, {0, 3, 6, 9, 12}, {2.7, 5.7, 8.7, 11.7}},
  }));
  CAPTURE(entries, interval);
  manager_world w;
  w.values.concurrent = entries;
  w.values.check_interval = interval;
  for (int i = 0; i < entries; ++i) w.entry(token(i));
  w.start();
  w.run_for(12500ms);
  CHECK(w.polled_at(token(0)) == first);
  CHECK(w.polled_at(token(entries - 1)) == last);
}

TEST_CASE("without entries nothing is asked, and nothing wakes up", "[manager][polling]") {
  manager_world w;
  w.start();
  w.run_for(1h);
  CHECK(w.polls().empty());
  CHECK(w.time.sleepers() == 0);
}

TEST_CASE("an entry with a blank token is named and skipped, the others go on",
          "[manager][polling]") {
  manager_world w;
  w.entry(" ");
  w.entry(token(1));
  w.start();
  w.run_for(7s);
  CHECK(w.logged("Runner token is empty or whitespace; this runner will be skipped") == 1);
  CHECK(w.polled_at() == times{0, 3, 6});
}

TEST_CASE("a slow server makes the others wait for a slot only", "[manager][polling]") {
  manager_world w;
  for (int i = 0; i < 3; ++i) w.entry(token(i));
  w.on_poll = [](asked_call const&) { return told{.after = 2s}; };
  SECTION("one slot: in turn, as soon as it is free") {
    w.start();
    w.run_for(9s);
    CHECK(w.polled_at() == times{0, 2, 4, 6, 8});
    CHECK(w.polls()[3].text("token") == token(0));
  }
  SECTION("enough slots: none waits") {
    w.values.concurrent = 4;
    w.start();
    w.run_for(6500ms);
    CHECK(w.polled_at() == times{0, 1, 2, 3, 4, 5, 6});
  }
}

TEST_CASE(
    "five waiting jobs of a second are taken one after another, without waiting for the interval",
    "[manager][polling]") {
  // GitLab Runner takes one per interval with one slot: 0, 3, 6, 9, 12.
  manager_world w;
  w.entry(token(0));
  has_jobs(w, 5, "sleep 1s");
  w.start();
  w.run_for(20s);
  auto const asked = w.polled_at();
  REQUIRE(asked.size() > 5);
  CHECK(asked[0] == 0);
  for (std::size_t i = 1; i < 5; ++i) {
    CHECK((asked[i] - asked[i - 1] >= 1 && asked[i] - asked[i - 1] < 1.4));
  }
  CHECK(w.states_of(5) == std::vector<std::string>{"running", "success"});
}

TEST_CASE("free slots are filled at once while jobs come", "[manager][polling]") {
  manager_world w;
  w.values.concurrent = 6;
  w.entry(token(0));
  has_jobs(w, 5, "sleep 1s");
  w.start();
  w.run_for(900ms);
  CHECK(w.polled_at() == times{0, 0, 0, 0, 0, 0});
}

TEST_CASE("with strict_check_interval nothing but the interval counts", "[manager][polling]") {
  manager_world w;
  w.values.concurrent = 2;
  w.entry(token(0)).strict_check_interval = true;
  has_jobs(w, 5, "sleep 1s");
  w.start();
  w.run_for(13s);
  CHECK(w.polled_at() == times{0, 3, 6, 9, 12});
}

TEST_CASE("an entry at its limit asks again as soon as a job of it has ended",
          "[manager][polling]") {
  // GitLab Runner: at the next tick of the interval, 9 and 18.
  manager_world w;
  w.values.concurrent = 4;
  w.entry(token(0)).limit = 1;
  has_jobs(w, 3, "sleep 7s");
  w.start();
  w.run_for(20s);
  auto const asked = w.polled_at();
  REQUIRE(asked.size() == 3);
  CHECK((asked[1] >= 7 && asked[1] < 7.5));
  CHECK((asked[2] >= 14 && asked[2] < 15));
}

TEST_CASE("entries of one token share its limit", "[manager][polling]") {
  manager_world w;
  w.values.concurrent = 4;
  w.entry(token(0)).limit = 1;
  w.entry(token(0)).limit = 1;
  has_jobs(w, 9, "sleep 7s");
  w.start();
  w.run_for(6s);
  CHECK(w.polled_at() == times{0});
}

TEST_CASE("request_concurrency: as many requests stand as the adapted limit says",
          "[manager][polling][requests]") {
  manager_world w;
  w.values.concurrent = 6;
  w.values.check_interval = 1;
  auto& entry = w.entry(token(0));
  w.on_poll = [](asked_call const&) { return told{.after = 6s}; };
  SECTION("one") {
    w.start();
    w.run_for(13s);
    CHECK(w.polled_at() == times{0, 6, 12});
  }
  SECTION("three at most, but no job comes") {
    entry.request_concurrency = 3;
    w.start();
    w.run_for(13s);
    CHECK(w.polled_at() == times{0, 6, 12});
  }
  SECTION("three, not adapted") {
    entry.request_concurrency = 3;
    entry.feature_flags.or_emplace()["FF_USE_ADAPTIVE_REQUEST_CONCURRENCY"] = false;
    w.start();
    w.run_for(14500ms);
    CHECK(w.polled_at() == times{0, 1, 2, 6, 7, 8, 12, 13, 14});
    unsigned seen = 0;
    w.jobs().each_poll([&](auto const&, poll_plan::figures const& how) {
      ++seen;
      CHECK(how.in_flight == 3);
      CHECK(how.hard_limit == 3);
      CHECK(how.used_limit == 3);
      CHECK(how.requests == 9);
    });
    CHECK(seen == 1);
  }
}

TEST_CASE("request_concurrency: two requests after the second job, three after the ninth",
          "[manager][polling][requests]") {
  manager_world w;
  w.values.concurrent = 100;
  w.values.check_interval = 1;
  w.entry(token(0)).request_concurrency = 4;
  std::int64_t next = 1;
  w.on_poll = [&](asked_call const&) {
    auto answer = manager_world::job(next++, "sleep 1h");
    answer.after = 1500ms;
    return answer;
  };
  w.start();
  auto const in_flight = [&](std::size_t jobs) {
    while (w.jobs().running_jobs() < jobs) w.run_for(100ms);
    unsigned count = 0;
    w.jobs().each_poll([&](auto const&, poll_plan::figures const& how) { count = how.in_flight; });
    return count;
  };
  CHECK(in_flight(0) == 1);
  CHECK(in_flight(1) == 1);
  CHECK(in_flight(2) == 2);
  CHECK(in_flight(8) == 2);
  CHECK(in_flight(9) == 3);
}

}  // namespace corunner::test
