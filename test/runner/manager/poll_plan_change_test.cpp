#include "test/runner/manager/watched_plan.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

using namespace corunner;
using namespace std::chrono_literals;
using test::entry_of;
using test::start;
using test::watched_plan;

namespace {

using answer = poll_plan::answer;

}  // namespace

TEST_CASE("a removed entry is not asked any more, and its job counts until its end",
          "[manager][poll_plan]") {
  watched_plan plan(1, 3s, 1);
  auto const gone = plan.add(entry_of("a"), start);
  plan.next(start);
  plan.answered(gone, answer::job, false, start);
  plan.remove(gone);
  REQUIRE(plan.size() == 0);
  REQUIRE(plan.running() == 1);
  auto const other = plan.add(entry_of("b"), start);
  REQUIRE(other != gone);
  REQUIRE_FALSE(plan.next(start + 1h));
  plan.job_ended(gone, start + 1h);
  REQUIRE(plan.next(start + 1h).value().who == other);
}

TEST_CASE("what a removed entry's poll under way comes to is counted", "[manager][poll_plan]") {
  watched_plan plan(2, 3s, 1);
  auto const gone = plan.add(entry_of("a"), start);
  plan.next(start);
  plan.remove(gone);
  REQUIRE(plan.under_way() == 1);
  SECTION("cancelled in time") {
    plan.given_up(gone, start);
    REQUIRE(plan.running() == 0);
  }
  SECTION("it brought a job all the same") {
    plan.answered(gone, answer::job, true, start);
    REQUIRE(plan.running() == 1);
    plan.job_ended(gone, start);
    REQUIRE(plan.running() == 0);
  }
  SECTION("it brought nothing") {
    plan.answered(gone, answer::none_held, true, start);
    REQUIRE(plan.running() == 0);
  }
  REQUIRE(plan.under_way() == 0);
  REQUIRE_FALSE(plan.next(start + 1h));
  REQUIRE(plan.wake_at(start) == poll_plan::time_point::max());
  REQUIRE(plan.add(entry_of("b"), start) == gone);  // nothing of it is left
}

TEST_CASE("a changed limit holds for the next request and keeps the entry's rhythm",
          "[manager][poll_plan]") {
  watched_plan plan(5, 3s, 1);
  auto const who = plan.add(entry_of("a"), start);
  plan.next(start);
  plan.answered(who, answer::none, true, start);
  plan.update(who, entry_of("a", 1));
  REQUIRE_FALSE(plan.next(start + 2s));
  REQUIRE(plan.next(start + 3s).value().may_hold);  // what the server told it is known
  plan.answered(who, answer::job, true, start + 3s);
  REQUIRE_FALSE(plan.next(start + 1h));
  plan.update(who, entry_of("a", 2));
  REQUIRE(plan.next(start + 1h));
}

TEST_CASE("an entry that comes back counts the jobs that its token still has",
          "[manager][poll_plan]") {
  watched_plan plan(5, 3s, 1);
  auto const first = plan.add(entry_of("a", 1), start);
  plan.next(start);
  plan.answered(first, answer::job, true, start);
  plan.remove(first);
  auto const second = plan.add(entry_of("a", 1), start);
  REQUIRE_FALSE(plan.next(start + 1h));
  plan.job_ended(first, start + 1h);
  REQUIRE(plan.next(start + 1h).value().who == second);
}

TEST_CASE("with fewer slots than jobs nothing is asked until enough have ended",
          "[manager][poll_plan]") {
  watched_plan plan(3, 1s, 1);
  auto const who = plan.add(entry_of("a"), start);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(plan.next(start));
    plan.answered(who, answer::job, false, start);
  }
  auto const slots = GENERATE(0u, 1u, 2u);
  plan.set_concurrent(slots);
  for (unsigned left = 3; left >= std::max(slots, 1u); --left) {
    REQUIRE_FALSE(plan.next(start + 1h));
    plan.job_ended(who, start + 1h);
  }
  REQUIRE(plan.next(start + 1h).has_value() == (slots > 0));
  plan.set_concurrent(3);
  REQUIRE(plan.next(start + 2h).has_value() == (slots == 0));
}

TEST_CASE("held requests without a slot are given up at once, the least busy first",
          "[manager][poll_plan]") {
  watched_plan plan(3, 3s, 1);
  std::vector<poll_plan::entry_id> all;
  for (auto const* token : {"a", "b", "c"}) all.push_back(plan.add(entry_of(token), start));
  for (int i = 0; i < 3; ++i) {
    plan.answered(plan.next(start).value().who, answer::none, true, start);
  }
  auto const now = start + 3s;
  for (int i = 0; i < 3; ++i) REQUIRE(plan.next(now).value().may_hold);
  REQUIRE_FALSE(plan.give_up(now));
  plan.set_concurrent(1);
  for (int i = 0; i < 2; ++i) {
    auto const victim = plan.give_up(now);
    REQUIRE(victim);
    plan.given_up(*victim, now);
  }
  REQUIRE_FALSE(plan.give_up(now));
  REQUIRE(plan.held() == 1);
}

TEST_CASE("a shorter check interval does not wait for the end of the longer one",
          "[manager][poll_plan]") {
  watched_plan plan(1, 1h, 1);
  auto const who = plan.add(entry_of("a"), start);
  plan.next(start);
  plan.answered(who, answer::none, false, start);
  plan.set_check_interval(3s, start + 1s);
  REQUIRE(plan.wake_at(start + 1s) == start + 3s);
  plan.set_check_interval(1h, start + 1s);
  REQUIRE(plan.next(start + 3s));
  plan.answered(who, answer::none, false, start + 3s);
  REQUIRE(plan.wake_at(start + 3s) == start + 3s + 1h);
  plan.set_check_interval(2s, start + 1min);
  REQUIRE(plan.next(start + 1min));
}

TEST_CASE("entries in trouble ask at once when their failures are forgiven",
          "[manager][poll_plan]") {
  watched_plan plan(1, 1s, 7);
  auto const who = plan.add(entry_of("a"), start);
  auto now = start;
  for (int i = 0; i < 10; ++i) {
    REQUIRE(plan.next(now));
    plan.answered(who, answer::forbidden, false, now);
    now = plan.wake_at(now);
  }
  plan.next(now);
  plan.answered(who, answer::forbidden, false, now);
  REQUIRE_FALSE(plan.next(now));
  plan.forgive(now);
  REQUIRE(plan.next(now));
}

TEST_CASE("jobs taken with a token that was changed since count for the limit of the new one",
          "[manager][poll_plan]") {
  watched_plan plan(5, 3s, 1);
  auto const who = plan.add(entry_of("a", 1), start);
  plan.next(start);
  plan.answered(who, answer::job, true, start);
  plan.change_token("a", "b");
  plan.add(entry_of("b", 1), start);
  REQUIRE_FALSE(plan.next(start + 1h));
  plan.job_ended(who, start + 1h);
  REQUIRE(plan.next(start + 1h));
  plan.add(entry_of("a", 1), start);  // the old name is free for another
  REQUIRE(plan.next(start + 1h));
}
