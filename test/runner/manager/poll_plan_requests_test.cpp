// Several requests of one entry, entries that are refused, and jobs that find no slot.

#include "test/runner/manager/watched_plan.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace corunner;
using namespace std::chrono_literals;
using test::start;
using test::watched_plan;

namespace {

using answer = poll_plan::answer;

poll_plan::entry_settings with_requests(unsigned most, bool adapt, std::string token = "a") {
  return {.token = std::move(token), .request_concurrency = most, .adapt_requests = adapt};
}

// When the plan asked within `length`, in seconds, if every answer takes `round_trip` and is
// `what`.
std::vector<double> asked_at(watched_plan& plan, poll_plan::duration round_trip, answer what,
                             poll_plan::duration length) {
  std::vector<double> out;
  std::vector<poll_plan::request> there;
  for (auto now = start; now < start + length; now += 100ms) {
    while (!there.empty() && there.front().asked + round_trip <= now) {
      plan.answered(there.front(), {what}, now);
      there.erase(there.begin());
    }
    while (auto const one = plan.next(now)) {
      there.push_back(*one);
      out.push_back(std::chrono::duration<double>(now - start).count());
    }
  }
  return out;
}

}  // namespace

TEST_CASE("as many requests as are configured, one more each interval while none is answered",
          "[manager][requests]") {
  watched_plan plan(6, 1s, 1);
  plan.add(with_requests(3, false), start);
  CHECK(asked_at(plan, 6s, answer::none, 13s) ==
        std::vector<double>{0, 1, 2, 6, 7, 8, 12});
}

TEST_CASE("one request at a time while no job comes, whatever is configured",
          "[manager][requests]") {
  watched_plan plan(6, 1s, 1);
  plan.add(with_requests(3, true), start);
  CHECK(asked_at(plan, 6s, answer::none, 13s) == std::vector<double>{0, 6, 12});
}

TEST_CASE("while jobs come as many requests follow at once as the adapted limit allows",
          "[manager][requests]") {
  watched_plan plan(100, 1s, 1);
  auto const who = plan.add(with_requests(4, true), start);
  auto const all = [&] {
    unsigned count = 0;
    while (plan.next(start)) ++count;
    return count;
  };
  REQUIRE(all() == 1);
  plan.answered(who, answer::job, false, start);
  REQUIRE(all() == 1);
  plan.answered(who, answer::job, false, start);
  REQUIRE(all() == 2);
  for (int jobs = 3; jobs < 9; ++jobs) {
    plan.answered(who, answer::job, false, start);
    REQUIRE(all() == 1);
  }
  plan.answered(who, answer::job, false, start);
  REQUIRE(all() == 2);
  CHECK(plan.figures_of(who, start).in_flight == 3);
  // Nothing came: one interval until the next.
  plan.answered(who, answer::none, false, start);
  CHECK(all() == 0);
}

TEST_CASE("a request that the server pushed back halves the limit even when it brought a job",
          "[manager][requests]") {
  watched_plan plan(100, 1s, 1);
  auto const who = plan.add(with_requests(9, true), start);
  for (int i = 0; i < 20; ++i) {
    plan.answered(plan.next(start).value(), {answer::job}, start);
  }
  auto const before = plan.figures_of(who, start).adapted_limit;
  plan.answered(plan.next(start).value(), {.what = answer::job, .retried = true}, start);
  CHECK(plan.figures_of(who, start).adapted_limit == before / 2);
}

TEST_CASE("a second request of an entry is held only while every other entry could hold one",
          "[manager][requests]") {
  watched_plan plan(3, 1s, 1);
  auto const one = plan.add(with_requests(3, false, "a"), start);
  auto const other = plan.add(with_requests(1, false, "b"), start);
  for (int i = 0; i < 2; ++i) {
    plan.answered(plan.next(start).value(), {answer::none, true}, start);
  }
  auto now = start + 1s;
  REQUIRE(plan.next(now).value().may_hold);
  REQUIRE(plan.next(now).value().may_hold);
  CHECK(plan.held() == 2);
  now += 1s;
  auto const second = plan.next(now);
  REQUIRE(second);
  CHECK(second->who == one);
  CHECK(second->may_hold);
  // A third would leave no slot for an entry that comes; there is none to take either.
  CHECK_FALSE(plan.next(now + 1s));
  // Another entry comes: the second request of the first has to go.
  auto const late = plan.add(with_requests(1, false, "c"), now);
  REQUIRE_FALSE(plan.next(now));
  auto const victim = plan.give_up(now + 500ms);
  REQUIRE(victim);
  CHECK(victim->who == one);
  CHECK_FALSE(plan.give_up(now + 500ms));
  plan.given_up(*victim, now + 500ms);
  CHECK(plan.next(now + 500ms).value().who == late);
  CHECK(plan.figures_of(other, now).in_flight == 1);
}

TEST_CASE("a held request stands for the others of its entry when there is no room to hold them",
          "[manager][requests]") {
  watched_plan plan(3, 1s, 1);
  auto const who = plan.add(with_requests(2, false), start);
  for (auto const* token : {"b", "c"}) plan.add(with_requests(1, false, token), start);
  for (int i = 0; i < 3; ++i) plan.answered(plan.next(start).value(), {answer::none, true}, start);
  auto const now = start + 1s;
  for (int i = 0; i < 3; ++i) REQUIRE(plan.next(now).value().may_hold);
  plan.set_concurrent(4);
  plan.add(with_requests(1, false, "d"), now + 1h);
  CHECK_FALSE(plan.next(now + 1s));
  CHECK(plan.wake_at(now + 1s) == now + 2s);
  CHECK(plan.figures_of(who, now).in_flight == 1);
}

TEST_CASE(
    "rounds in which the request limit kept an entry from asking are counted without waking up",
    "[manager][requests]") {
  watched_plan plan(2, 3s, 1);
  auto const who = plan.add(with_requests(1, true), start);
  auto const exceeded = [&](auto at) { return plan.figures_of(who, start + at).limit_exceeded; };
  plan.next(start);
  CHECK(plan.wake_at(start) == poll_plan::time_point::max());
  CHECK(exceeded(2s) == 0);
  CHECK(exceeded(10s) == 3);
  plan.answered(who, answer::none, false, start + 10s);
  CHECK(exceeded(20s) == 3);
  plan.next(start + 20s);
  plan.answered(who, answer::none, false, start + 20s);
  auto const figures = plan.figures_of(who, start + 1min);
  CHECK(figures.limit_exceeded == 3);
  CHECK(figures.requests == 2);
  CHECK(figures.hard_limit == 1);
  CHECK(figures.used_limit == 1);
  CHECK(figures.adapted_limit == 1);
}

TEST_CASE("before the first request the limits of an entry are not known", "[manager][requests]") {
  watched_plan plan(2, 3s, 1);
  auto const figures = plan.figures_of(plan.add(with_requests(7, false), start), start);
  CHECK(figures.hard_limit == 0);
  CHECK(figures.used_limit == 0);
}

TEST_CASE("an entry with the keys for it is paused after so many refusals, then asked by force",
          "[manager][health]") {
  watched_plan plan(1, 3s, 1);
  poll_plan::entry_settings settings{.token = "a"};
  settings.pause_after_refusals = entry_health::pause{3, 12s};
  auto const who = plan.add(settings, start);
  std::vector<double> asked;
  std::vector<double> forced;
  std::vector<double> paused;
  for (auto now = start; now <= start + 24s; now += 500ms) {
    auto const one = plan.next(now);
    if (!one) continue;
    auto const seconds = std::chrono::duration<double>(now - start).count();
    asked.push_back(seconds);
    if (one->forced) forced.push_back(seconds);
    if (plan.answered(*one, {answer::forbidden}, now).paused) paused.push_back(seconds);
  }
  CHECK(asked == std::vector<double>{0, 3, 6, 12, 15, 18, 24});
  CHECK(paused == std::vector<double>{6, 18});
  CHECK(forced == std::vector<double>{12, 24});
  auto const figures = plan.figures_of(who, start + 24s);
  CHECK(figures.refusals == 7);
  CHECK(figures.rounds_paused == 2);  // 9, 21
}

TEST_CASE(
    "a job that comes when its slot has gone waits, and takes the next slot before any request",
    "[manager][waiting]") {
  watched_plan plan(2, 3s, 1);
  auto const who =
      plan.add({.token = "a", .request_concurrency = 2, .adapt_requests = false}, start);
  auto const first = plan.next(start).value();
  CHECK_FALSE(plan.answered(first, {answer::job}, start).waits);
  auto const second = plan.next(start).value();
  plan.set_concurrent(1);
  CHECK(plan.answered(second, {answer::job}, start).waits);
  CHECK(plan.waiting() == 1);
  CHECK_FALSE(plan.start_waiting());
  CHECK_FALSE(plan.next(start + 1h));
  plan.job_ended(first, start + 1h);
  CHECK(plan.start_waiting().value().number == second.number);
  CHECK_FALSE(plan.start_waiting());
  CHECK_FALSE(plan.next(start + 1h));
  plan.job_ended(second, start + 2h);
  CHECK(plan.next(start + 2h).value().who == who);
}

TEST_CASE("a job over a lowered limit of its token waits, those of other tokens do not",
          "[manager][waiting]") {
  watched_plan plan(5, 3s, 1);
  auto const who = plan.add({.token = "a"}, start);
  auto const first = plan.next(start).value();
  plan.answered(first, {answer::job}, start);
  auto const second = plan.next(start).value();
  plan.update(who, {.token = "a", .limit = 1});
  CHECK(plan.answered(second, {answer::job}, start).waits);
  plan.add({.token = "b"}, start);
  auto const other = plan.next(start).value();
  CHECK_FALSE(plan.answered(other, {answer::job}, start).waits);
  plan.update(who, {.token = "a", .limit = 2});
  CHECK(plan.start_waiting().value().number == second.number);
}

TEST_CASE("a job that was withdrawn while it waited gives its place back", "[manager][waiting]") {
  watched_plan plan(1, 3s, 1);
  plan.add({.token = "a"}, start);
  auto const request = plan.next(start).value();
  plan.set_concurrent(0);
  CHECK(plan.answered(request, {answer::job}, start).waits);
  plan.job_ended(request, start);
  CHECK(plan.waiting() == 0);
  CHECK(plan.running() == 0);
  plan.set_concurrent(1);
  CHECK_FALSE(plan.start_waiting());
  CHECK(plan.next(start));
}
