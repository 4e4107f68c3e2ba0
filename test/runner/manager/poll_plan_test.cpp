#include "runner/manager/poll_plan.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace corunner;
using namespace std::chrono_literals;

namespace {

using answer = poll_plan::answer;
constexpr poll_plan::time_point start{};

poll_plan::entry_settings entry_of(std::string token, unsigned limit = 0) {
  return {.token = std::move(token), .limit = limit};
}

}  // namespace

TEST_CASE("an entry asks at once, then once per check interval", "[manager][poll_plan]") {
  poll_plan plan(1, 3s, 1);
  auto const who = plan.add(entry_of("a"), start);
  REQUIRE(plan.next(start).value().who == who);
  REQUIRE_FALSE(plan.next(start));
  plan.answered(who, answer::none, false, 5ms, start + 5ms);
  REQUIRE_FALSE(plan.next(start + 2999ms));
  REQUIRE(plan.wake_at(start + 5ms) == start + 3s);
  REQUIRE(plan.next(start + 3s));
}

TEST_CASE("a poll may be held only when the server gave a last update", "[manager][poll_plan]") {
  poll_plan plan(1, 3s, 1);
  auto const who = plan.add(entry_of("a"), start);
  REQUIRE_FALSE(plan.next(start).value().may_hold);
  plan.answered(who, answer::none, true, 5ms, start);
  auto const held = plan.next(start + 3s);
  REQUIRE(held.value().may_hold);
  REQUIRE(plan.held() == 1);
}

TEST_CASE("after a held poll the next one follows at once", "[manager][poll_plan]") {
  poll_plan plan(1, 3s, 1);
  auto const who = plan.add(entry_of("a"), start);
  plan.next(start);
  plan.answered(who, answer::none, true, 5ms, start);
  plan.next(start + 3s);
  plan.answered(who, answer::none_held, true, 50s, start + 53s);
  REQUIRE(plan.next(start + 53s));
}

TEST_CASE("a server that says 'held' but answers at once is not asked in a tight loop",
          "[manager][poll_plan]") {
  poll_plan plan(1, 3s, 1);
  auto const who = plan.add(entry_of("a"), start);
  auto now = start;
  int asked = 0;
  while (now < start + 30s) {
    if (plan.next(now)) {
      ++asked;
      plan.answered(who, answer::none_held, true, 1ms, now + 1ms);
    }
    now += 1ms;
  }
  REQUIRE(asked <= 22);
}

TEST_CASE("after a job the entry asks again at once, unless the interval is strict",
          "[manager][poll_plan]") {
  poll_plan plan(2, 3s, 1);
  auto const loose = plan.add(entry_of("a"), start);
  plan.next(start);
  plan.answered(loose, answer::job, false, 5ms, start + 5ms);
  REQUIRE(plan.next(start + 5ms).value().who == loose);

  poll_plan strictly(2, 3s, 1);
  auto settings = entry_of("a");
  settings.strict_check_interval = true;
  auto const strict = strictly.add(settings, start);
  strictly.next(start);
  strictly.answered(strict, answer::job, false, 5ms, start + 5ms);
  REQUIRE_FALSE(strictly.next(start + 5ms));
  REQUIRE(strictly.next(start + 3s));
}

TEST_CASE("requests under way never exceed the free slots", "[manager][poll_plan]") {
  poll_plan plan(3, 1s, 1);
  for (int i = 0; i < 10; ++i) plan.add(entry_of("token " + std::to_string(i)), start);
  std::vector<poll_plan::entry_id> asked;
  while (auto const one = plan.next(start)) asked.push_back(one->who);
  REQUIRE(asked.size() == 3);
  for (auto const who : asked) plan.answered(who, answer::job, false, 1ms, start);
  REQUIRE(plan.running() == 3);
  REQUIRE_FALSE(plan.next(start));
  REQUIRE(plan.wake_at(start) == poll_plan::time_point::max());
  plan.job_ended(asked.front(), start + 1s);
  REQUIRE(plan.next(start + 1s));
  REQUIRE_FALSE(plan.next(start + 1s));
}

TEST_CASE("entries of one token share their limit", "[manager][poll_plan]") {
  poll_plan plan(10, 1s, 1);
  auto const one = plan.add(entry_of("same", 1), start);
  plan.add(entry_of("same", 1), start);
  REQUIRE(plan.next(start).value().who == one);
  REQUIRE_FALSE(plan.next(start));
  plan.answered(one, answer::job, false, 1ms, start);
  REQUIRE_FALSE(plan.next(start + 1h));
  plan.job_ended(one, start + 1h);
  REQUIRE(plan.next(start + 1h));
}

TEST_CASE("a failing server is asked less and less often, and at once as usual after it recovered",
          "[manager][poll_plan]") {
  poll_plan plan(1, 1s, 7);
  auto const who = plan.add(entry_of("a"), start);
  auto now = start;
  std::vector<poll_plan::duration> pauses;
  for (int i = 0; i < 12; ++i) {
    REQUIRE(plan.next(now));
    plan.answered(who, i % 2 ? answer::failed : answer::forbidden, false, 1ms, now);
    pauses.push_back(plan.wake_at(now) - now);
    now = plan.wake_at(now);
  }
  for (auto const pause : pauses) REQUIRE((pause >= 1s && pause <= 61s));
  REQUIRE(pauses.back() > pauses.front());
  REQUIRE(plan.next(now));
  plan.answered(who, answer::none, false, 1ms, now);
  REQUIRE(plan.wake_at(now) == now + 1s);
}

TEST_CASE("with more entries than slots every entry asks once per interval while the server holds",
          "[manager][poll_plan]") {
  // 1000 entries, 10 slots, 3 s: a server that holds what may be held for 50 s and answers the rest
  // in 2 ms.
  poll_plan plan(10, 3s, 1);
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
      plan.answered(one.who, one.may_hold ? answer::none_held : answer::none, true,
                    one.may_hold ? 50s : 2ms, now);
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
  poll_plan plan(4, 1s, 1);
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
      plan.answered(one->who, answer::none, true, 1ms, now);
    }
  }
  REQUIRE(held.size() == 3);
  // The last free slot becomes a job.
  std::optional<poll_plan::request> short_one;
  while (!short_one) {
    now += 5ms;
    short_one = plan.next(now);
  }
  plan.answered(short_one->who, answer::job, true, 1ms, now);
  REQUIRE_FALSE(plan.next(now + 2s));
  auto const victim = plan.give_up(now + 2s);
  REQUIRE(victim);
  plan.given_up(*victim, now + 2s);
  REQUIRE(plan.next(now + 2s).value().who != *victim);
}

TEST_CASE("a removed entry is not asked any more, and its job counts until its end",
          "[manager][poll_plan]") {
  poll_plan plan(1, 3s, 1);
  auto const gone = plan.add(entry_of("a"), start);
  plan.next(start);
  plan.answered(gone, answer::job, false, 5ms, start);
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
  poll_plan plan(2, 3s, 1);
  auto const gone = plan.add(entry_of("a"), start);
  plan.next(start);
  plan.remove(gone);
  REQUIRE(plan.under_way() == 1);
  SECTION("cancelled in time") {
    plan.given_up(gone, start);
    REQUIRE(plan.running() == 0);
  }
  SECTION("it brought a job all the same") {
    plan.answered(gone, answer::job, true, 5ms, start);
    REQUIRE(plan.running() == 1);
    plan.job_ended(gone, start);
    REQUIRE(plan.running() == 0);
  }
  SECTION("it brought nothing") {
    plan.answered(gone, answer::none_held, true, 5ms, start);
    REQUIRE(plan.running() == 0);
  }
  REQUIRE(plan.under_way() == 0);
  REQUIRE_FALSE(plan.next(start + 1h));
  REQUIRE(plan.wake_at(start) == poll_plan::time_point::max());
  REQUIRE(plan.add(entry_of("b"), start) == gone);  // nothing of it is left
}

TEST_CASE("a changed limit holds for the next request and keeps the entry's rhythm",
          "[manager][poll_plan]") {
  poll_plan plan(5, 3s, 1);
  auto const who = plan.add(entry_of("a"), start);
  plan.next(start);
  plan.answered(who, answer::none, true, 5ms, start);
  plan.update(who, entry_of("a", 1));
  REQUIRE_FALSE(plan.next(start + 2s));
  REQUIRE(plan.next(start + 3s).value().may_hold);  // what the server told it is known
  plan.answered(who, answer::job, true, 5ms, start + 3s);
  REQUIRE_FALSE(plan.next(start + 1h));
  plan.update(who, entry_of("a", 2));
  REQUIRE(plan.next(start + 1h));
}

TEST_CASE("an entry that comes back counts the jobs that its token still has",
          "[manager][poll_plan]") {
  poll_plan plan(5, 3s, 1);
  auto const first = plan.add(entry_of("a", 1), start);
  plan.next(start);
  plan.answered(first, answer::job, true, 5ms, start);
  plan.remove(first);
  auto const second = plan.add(entry_of("a", 1), start);
  REQUIRE_FALSE(plan.next(start + 1h));
  plan.job_ended(first, start + 1h);
  REQUIRE(plan.next(start + 1h).value().who == second);
}

TEST_CASE("with fewer slots than jobs nothing is asked until enough have ended",
          "[manager][poll_plan]") {
  poll_plan plan(3, 1s, 1);
  auto const who = plan.add(entry_of("a"), start);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(plan.next(start));
    plan.answered(who, answer::job, false, 1ms, start);
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
  poll_plan plan(3, 3s, 1);
  std::vector<poll_plan::entry_id> all;
  for (auto const* token : {"a", "b", "c"}) all.push_back(plan.add(entry_of(token), start));
  for (int i = 0; i < 3; ++i) {
    plan.answered(plan.next(start).value().who, answer::none, true, 1ms, start);
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
  poll_plan plan(1, 1h, 1);
  auto const who = plan.add(entry_of("a"), start);
  plan.next(start);
  plan.answered(who, answer::none, false, 5ms, start);
  plan.set_check_interval(3s, start + 1s);
  REQUIRE(plan.wake_at(start + 1s) == start + 3s);
  plan.set_check_interval(1h, start + 1s);
  REQUIRE(plan.next(start + 3s));
  plan.answered(who, answer::none, false, 5ms, start + 3s);
  REQUIRE(plan.wake_at(start + 3s) == start + 3s + 1h);
  plan.set_check_interval(2s, start + 1min);
  REQUIRE(plan.next(start + 1min));
}

TEST_CASE("entries in trouble ask at once when their failures are forgiven",
          "[manager][poll_plan]") {
  poll_plan plan(1, 1s, 7);
  auto const who = plan.add(entry_of("a"), start);
  auto now = start;
  for (int i = 0; i < 10; ++i) {
    REQUIRE(plan.next(now));
    plan.answered(who, answer::forbidden, false, 1ms, now);
    now = plan.wake_at(now);
  }
  plan.next(now);
  plan.answered(who, answer::forbidden, false, 1ms, now);
  REQUIRE_FALSE(plan.next(now));
  plan.forgive(now);
  REQUIRE(plan.next(now));
}

TEST_CASE("whatever is added, changed, removed and answered in any order, the counts hold",
          "[manager][poll_plan]") {
  struct known {
    poll_plan::entry_id id;
    unsigned limit;
  };
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    auto const below = [&](std::uint64_t n) { return static_cast<unsigned>(random() % n); };
    unsigned concurrent = 1 + below(5);
    poll_plan plan(concurrent, 3s, seed);
    std::vector<known> there;
    std::map<poll_plan::entry_id, std::string> token_of;
    std::multiset<poll_plan::entry_id> polls;
    std::vector<poll_plan::entry_id> jobs;
    auto now = start;
    for (int step = 0; step < 400; ++step) {
      now += std::chrono::milliseconds(below(2000));
      switch (below(9)) {
        case 0: {
          auto const limit = below(3);
          auto const token = "t" + std::to_string(below(3));
          auto const id = plan.add(entry_of(token, limit), now);
          // An id that is in use is never given a second time.
          for (auto const& one : there) REQUIRE(one.id != id);
          REQUIRE(polls.count(id) == 0);
          REQUIRE(std::ranges::count(jobs, id) == 0);
          there.push_back({id, limit});
          token_of[id] = token;
          break;
        }
        case 1:
          if (there.empty()) break;
          if (below(2) == 0) {
            there.back().limit = below(3);
            plan.update(there.back().id, entry_of(token_of[there.back().id], there.back().limit));
            break;
          }
          plan.remove(there.back().id);
          there.pop_back();
          break;
        case 2:
          concurrent = below(6);
          plan.set_concurrent(concurrent);
          break;
        case 3:
          plan.set_check_interval(std::chrono::seconds(1 + below(5)), now);
          break;
        case 4:
          if (jobs.empty()) break;
          plan.job_ended(jobs.back(), now);
          jobs.pop_back();
          break;
        case 5:
        case 6: {
          if (polls.empty()) break;
          auto const who = *polls.begin();
          polls.erase(polls.begin());
          auto const what = below(6);
          if (what == 5) {
            plan.given_up(who, now);
            break;
          }
          plan.answered(who, static_cast<answer>(what), below(2) == 0, 5ms, now);
          if (static_cast<answer>(what) == answer::job) jobs.push_back(who);
          break;
        }
        default:
          while (auto const due = plan.next(now)) {
            REQUIRE(polls.count(due->who) == 0);
            auto const at = std::ranges::find(there, due->who, &known::id);
            REQUIRE(at != there.end());
            polls.insert(due->who);
            auto const same_token = [&](auto id) { return token_of[id] == token_of[due->who]; };
            auto const busy = std::ranges::count_if(jobs, same_token) +
                              std::ranges::count_if(polls, same_token);
            REQUIRE((at->limit == 0 || busy <= at->limit));
            REQUIRE(plan.running() + plan.under_way() <= concurrent);
          }
          if (auto const victim = plan.give_up(now)) {
            REQUIRE(polls.count(*victim) == 1);
            polls.erase(*victim);
            plan.given_up(*victim, now);
          }
      }
      REQUIRE(plan.size() == there.size());
      REQUIRE(plan.under_way() == polls.size());
      REQUIRE(plan.running() == jobs.size());
      REQUIRE(plan.held() <= plan.under_way());
    }
  }
}
