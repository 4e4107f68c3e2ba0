// Everything that a plan can be told, in any order.

#include "runner/manager/poll_plan.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace corunner;
using namespace std::chrono_literals;

namespace {

using answer = poll_plan::answer;

// A plan, what was done to it, and what must hold all the time.
struct driven_plan {
  explicit driven_plan(std::uint64_t seed)
      : random(seed), concurrent(1 + below(5)), plan(concurrent, 3s, seed) {}

  unsigned below(std::uint64_t n) { return static_cast<unsigned>(random() % n); }
  std::uint64_t drawn(std::size_t size) { return below(size); }

  poll_plan::entry_settings draw_settings(std::string token) {
    return {.token = std::move(token),
            .limit = below(3),
            .strict_check_interval = below(4) == 0,
            .request_concurrency = 1 + below(4),
            .adapt_requests = below(2) == 0,
            .pause_after_refusals = below(2) == 0 ? std::nullopt
                                                  : std::optional(entry_health::pause{2, 20s})};
  }

  void add() {
    auto settings = draw_settings("t" + std::to_string(below(3)));
    auto const id = plan.add(settings, now);
    // An id that is in use is never given a second time.
    REQUIRE_FALSE(there.contains(id));
    for (auto const& each : polls) REQUIRE(each.who != id);
    for (auto const& each : jobs) REQUIRE(each.who != id);
    token_of[id] = settings.token;
    there[id] = settings;
  }

  void change_or_remove() {
    if (there.empty()) return;
    auto const at = std::prev(there.end());
    if (below(2) == 0) {
      at->second = draw_settings(token_of[at->first]);
      return plan.update(at->first, at->second);
    }
    plan.remove(at->first);
    there.erase(at);
  }

  void end_job() {
    if (jobs.empty()) return;
    auto const at = jobs.begin() + static_cast<std::ptrdiff_t>(drawn(jobs.size()));
    started.erase(at->number);
    plan.job_ended(*at, now);
    jobs.erase(at);
    start_waiting();
  }

  void start_waiting() {
    while (auto const which = plan.start_waiting()) {
      REQUIRE(started.size() < concurrent);
      REQUIRE(started.insert(which->number).second);
    }
  }

  void answer_one() {
    if (polls.empty()) return;
    auto const at = polls.begin() + static_cast<std::ptrdiff_t>(drawn(polls.size()));
    auto const which = *at;
    polls.erase(at);
    auto const what = below(6);
    if (what == 5) return plan.given_up(which, now);
    auto const then = plan.answered(
        which, {static_cast<answer>(what), below(2) == 0, below(4) == 0}, now);
    if (static_cast<answer>(what) != answer::job) return;
    jobs.push_back(which);
    if (!then.waits) started.insert(which.number);
  }

  void check_asked(poll_plan::request const& due) {
    REQUIRE(there.contains(due.who));
    auto const& settings = there[due.who];
    polls.push_back(due);
    auto const same_token = [&](poll_plan::request const& one) {
      return token_of[one.who] == token_of[due.who];
    };
    auto const busy = std::ranges::count_if(jobs, same_token) +
                      std::ranges::count_if(polls, same_token);
    REQUIRE((settings.limit == 0 || busy <= settings.limit));
    REQUIRE(std::ranges::count(polls, due.who, &poll_plan::request::who) <=
            settings.request_concurrency);
    REQUIRE(plan.running() + plan.under_way() <= concurrent);
    REQUIRE(plan.waiting() == jobs.size() - started.size());
  }

  void ask() {
    while (auto const due = plan.next(now)) check_asked(*due);
    // Nothing that is due now is left for a wake-up now.
    auto const wake = plan.wake_at(now);
    if (auto const victim = plan.give_up(now)) {
      auto const at = std::ranges::find(polls, victim->number, &poll_plan::request::number);
      REQUIRE(at != polls.end());
      REQUIRE((at->may_hold || at->asked + poll_plan::answer_within <= now));
      polls.erase(at);
      plan.given_up(*victim, now);
    } else {
      REQUIRE(wake > now);
    }
  }

  void step() {
    now += std::chrono::milliseconds(below(2000));
    switch (below(10)) {
      case 0: return add();
      case 1: return change_or_remove();
      case 2:
        concurrent = below(6);
        plan.set_concurrent(concurrent);
        return start_waiting();
      case 3: return plan.set_check_interval(std::chrono::seconds(1 + below(5)), now);
      case 4: return end_job();
      case 5:
      case 6: return answer_one();
      case 7: return below(10) == 0 ? plan.forgive(now) : void();
      default: return ask();
    }
  }

  std::mt19937_64 random;
  unsigned concurrent;
  poll_plan plan;
  std::map<poll_plan::entry_id, poll_plan::entry_settings> there;
  std::map<poll_plan::entry_id, std::string> token_of;
  std::vector<poll_plan::request> polls;
  std::vector<poll_plan::request> jobs;
  std::set<std::uint64_t> started;
  poll_plan::time_point now{};
};

}  // namespace

TEST_CASE("whatever is added, changed, removed and answered in any order, the counts hold",
          "[manager][poll_plan]") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    driven_plan world(seed);
    for (int step = 0; step < 400; ++step) {
      world.step();
      REQUIRE(world.plan.size() == world.there.size());
      REQUIRE(world.plan.under_way() == world.polls.size());
      REQUIRE(world.plan.running() == world.jobs.size());
      REQUIRE(world.plan.waiting() == world.jobs.size() - world.started.size());
      REQUIRE(world.plan.held() <= world.plan.under_way());
    }
    // Whatever happened: once all is over, every slot is free again.
    while (!world.polls.empty()) world.answer_one();
    while (!world.jobs.empty()) world.end_job();
    REQUIRE(world.plan.held() == 0);
    REQUIRE(world.plan.waiting() == 0);
  }
}
