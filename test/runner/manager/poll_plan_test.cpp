#include "test/runner/manager/watched_plan.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
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

TEST_CASE("an entry asks at once, then once per check interval", "[manager][poll_plan]") {
  watched_plan plan(1, 3s, 1);
  auto const who = plan.add(entry_of("a"), start);
  REQUIRE(plan.next(start).value().who == who);
  REQUIRE_FALSE(plan.next(start));
  plan.answered(who, answer::none, false, start + 5ms);
  REQUIRE_FALSE(plan.next(start + 2999ms));
  REQUIRE(plan.wake_at(start + 5ms) == start + 3s);
  REQUIRE(plan.next(start + 3s));
}

TEST_CASE("a poll may be held only when the server gave a last update", "[manager][poll_plan]") {
  watched_plan plan(1, 3s, 1);
  auto const who = plan.add(entry_of("a"), start);
  REQUIRE_FALSE(plan.next(start).value().may_hold);
  plan.answered(who, answer::none, true, start);
  auto const held = plan.next(start + 3s);
  REQUIRE(held.value().may_hold);
  REQUIRE(plan.held() == 1);
}

TEST_CASE("after a held poll the next one follows at once", "[manager][poll_plan]") {
  watched_plan plan(1, 3s, 1);
  auto const who = plan.add(entry_of("a"), start);
  plan.next(start);
  plan.answered(who, answer::none, true, start);
  plan.next(start + 3s);
  plan.answered(who, answer::none_held, true, start + 53s);
  REQUIRE(plan.next(start + 53s));
}

TEST_CASE("a server that says 'held' but answers at once is not asked in a tight loop",
          "[manager][poll_plan]") {
  watched_plan plan(1, 3s, 1);
  auto const who = plan.add(entry_of("a"), start);
  auto now = start;
  int asked = 0;
  while (now < start + 30s) {
    if (plan.next(now)) {
      ++asked;
      plan.answered(who, answer::none_held, true, now + 1ms);
    }
    now += 1ms;
  }
  REQUIRE(asked <= 22);
}

TEST_CASE("after a job the entry asks again at once, unless the interval is strict",
          "[manager][poll_plan]") {
  watched_plan plan(2, 3s, 1);
  auto const loose = plan.add(entry_of("a"), start);
  plan.next(start);
  plan.answered(loose, answer::job, false, start + 5ms);
  REQUIRE(plan.next(start + 5ms).value().who == loose);

  watched_plan strictly(2, 3s, 1);
  auto settings = entry_of("a");
  settings.strict_check_interval = true;
  auto const strict = strictly.add(settings, start);
  strictly.next(start);
  strictly.answered(strict, answer::job, false, start + 5ms);
  REQUIRE_FALSE(strictly.next(start + 5ms));
  REQUIRE(strictly.next(start + 3s));
}

TEST_CASE("requests under way never exceed the free slots", "[manager][poll_plan]") {
  watched_plan plan(3, 1s, 1);
  for (int i = 0; i < 10; ++i) plan.add(entry_of("token " + std::to_string(i)), start);
  std::vector<poll_plan::entry_id> asked;
  while (auto const one = plan.next(start)) asked.push_back(one->who);
  REQUIRE(asked.size() == 3);
  for (auto const who : asked) plan.answered(who, answer::job, false, start);
  REQUIRE(plan.running() == 3);
  REQUIRE_FALSE(plan.next(start));
  REQUIRE(plan.wake_at(start) == poll_plan::time_point::max());
  plan.job_ended(asked.front(), start + 1s);
  REQUIRE(plan.next(start + 1s));
  REQUIRE_FALSE(plan.next(start + 1s));
}

TEST_CASE("entries of one token share their limit", "[manager][poll_plan]") {
  watched_plan plan(10, 1s, 1);
  auto const one = plan.add(entry_of("same", 1), start);
  plan.add(entry_of("same", 1), start);
  REQUIRE(plan.next(start).value().who == one);
  REQUIRE_FALSE(plan.next(start));
  plan.answered(one, answer::job, false, start);
  REQUIRE_FALSE(plan.next(start + 1h));
  plan.job_ended(one, start + 1h);
  REQUIRE(plan.next(start + 1h));
}

TEST_CASE("a failing server is asked less and less often, and at once as usual after it recovered",
          "[manager][poll_plan]") {
  watched_plan plan(1, 1s, 7);
  auto const who = plan.add(entry_of("a"), start);
  auto now = start;
  std::vector<poll_plan::duration> pauses;
  for (int i = 0; i < 12; ++i) {
    REQUIRE(plan.next(now));
    plan.answered(who, i % 2 ? answer::failed : answer::forbidden, false, now);
    pauses.push_back(plan.wake_at(now) - now);
    now = plan.wake_at(now);
  }
  for (auto const pause : pauses) REQUIRE((pause >= 1s && pause <= 61s));
  REQUIRE(pauses.back() > pauses.front());
  REQUIRE(plan.next(now));
  plan.answered(who, answer::none, false, now);
  REQUIRE(plan.wake_at(now) == now + 1s);
}

TEST_CASE("with more entries than slots every entry asks once per interval while the server holds",
          "[manager][poll_plan]") {
  // 1000 entries, 10 slots, 3 s: a server that holds what may be held for 50 s and answers the rest
  // in 2 ms.
  watched_plan plan(10, 3s, 1);
  std::vector<poll_plan::time_point> last(1000, start);
  for (int i = 0; i < 1000; ++i) plan.add(entry_of("t" + std::to_string(i)), start + i * 3ms);
  std::multimap<poll_plan::time_point, poll_plan::request> answers;
  unsigned most_held = 0;
  poll_plan::duration longest{};
  std::set<poll_plan::entry_id> holding;
  auto now = start;
  while (now < start + 2min) {
    while (!answers.empty() && answers.begin()->first <= now) {
      auto const one = answers.begin()->second;
      answers.erase(answers.begin());
      if (one.may_hold) holding.erase(one.who);
      plan.answered(one, {one.may_hold ? answer::none_held : answer::none, true}, now);
    }
    while (auto const one = plan.next(now)) {
      longest = std::max(longest, now - last[one->who]);
      last[one->who] = now;
      if (one->may_hold) holding.insert(one->who);
      answers.emplace(now + (one->may_hold ? 50s : poll_plan::duration(2ms)), *one);
    }
    most_held = std::max(most_held, plan.held());
    REQUIRE(plan.under_way() <= 10);
    for (auto const who : holding) last[who] = now;  // its request stands at the server
    now += 1ms;
  }
  REQUIRE(most_held >= 5);
  REQUIRE(longest <= 3s);
}

TEST_CASE("a held poll is given up when jobs took the slots that the other entries need",
          "[manager][poll_plan]") {
  watched_plan plan(4, 1s, 1);
  for (int i = 0; i < 20; ++i) plan.add(entry_of("t" + std::to_string(i)), start);
  auto now = start;
  std::vector<poll_plan::request> held;
  // Every slot but one gets a held request.
  for (int i = 0; i < 4000 && held.size() < 3; ++i, now += 5ms) {
    auto const one = plan.next(now);
    if (!one) continue;
    if (one->may_hold) {
      held.push_back(*one);
    } else {
      plan.answered(one->who, answer::none, true, now);
    }
  }
  REQUIRE(held.size() == 3);
  // The last free slot becomes a job.
  std::optional<poll_plan::request> short_one;
  while (!short_one) {
    now += 5ms;
    short_one = plan.next(now);
  }
  plan.answered(short_one->who, answer::job, true, now);
  REQUIRE_FALSE(plan.next(now + 2s));
  auto const victim = plan.give_up(now + 2s);
  REQUIRE(victim);
  plan.given_up(*victim, now + 2s);
  REQUIRE(plan.next(now + 2s).value().who != victim->who);
}
