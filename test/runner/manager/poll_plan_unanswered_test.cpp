// Requests that nobody answers, and those who wait for their slots.

#include "test/runner/manager/watched_plan.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace corunner;
using namespace std::chrono_literals;
using test::entry_of;
using test::start;
using test::watched_plan;

namespace {

using answer = poll_plan::answer;

}  // namespace

TEST_CASE("a request without an answer gives its slot to an entry that waits",
          "[manager][requests]") {
  watched_plan plan(1, 3s, 1);
  auto const dead = plan.add(entry_of("dead"), start);
  auto const other = plan.add(entry_of("other"), start);
  REQUIRE(plan.next(start).value().who == dead);
  CHECK_FALSE(plan.next(start));
  CHECK(plan.wake_at(start) == start + poll_plan::answer_within);
  CHECK_FALSE(plan.give_up(start + poll_plan::answer_within - 1ms));
  auto now = start + poll_plan::answer_within;
  auto const victim = plan.give_up(now);
  REQUIRE(victim);
  CHECK(victim->who == dead);
  CHECK_FALSE(plan.give_up(now));
  CHECK_FALSE(plan.next(now));
  plan.given_up(*victim, now);
  CHECK(plan.next(now).value().who == other);
  CHECK(plan.under_way() == 1);
}

TEST_CASE("an entry whose requests are given up asks more and more rarely", "[manager][requests]") {
  watched_plan plan(1, 1s, 1);
  auto const dead = plan.add(entry_of("dead"), start);
  auto const other = plan.add(entry_of("other"), start);
  auto now = start;
  unsigned asked = 0;
  for (auto const end = start + 10min; now < end; now += 100ms) {
    if (auto const which = plan.give_up(now)) plan.given_up(*which, now);
    auto const one = plan.next(now);
    if (one && one->who == other) plan.answered(*one, {answer::none}, now);
    if (one && one->who == dead) ++asked;
  }
  // With jitter; every 13 seconds would be 46 times.
  CHECK(asked >= 7);
  CHECK(asked <= 25);
}

TEST_CASE("a request without an answer is left alone while nobody waits for its slot",
          "[manager][requests]") {
  SECTION("there is another slot") {
    watched_plan plan(2, 3s, 1);
    plan.add(entry_of("dead"), start);
    plan.add(entry_of("other"), start);
    REQUIRE(plan.next(start));
    plan.answered(plan.next(start).value(), {answer::none}, start);
    CHECK_FALSE(plan.give_up(start + 1h));
  }
  SECTION("there is no other entry") {
    watched_plan plan(1, 3s, 1);
    plan.add({.token = "dead", .request_concurrency = 3, .adapt_requests = false}, start);
    REQUIRE(plan.next(start));
    CHECK_FALSE(plan.give_up(start + 1h));
    CHECK(plan.wake_at(start + 1h) == poll_plan::time_point::max());
  }
}
