#include "runner/trace/final_policy.hpp"

#include <catch2/catch_test_macros.hpp>

#include <vector>

using namespace corunner;
using namespace std::chrono_literals;
using gitlab::patch_answer;
using gitlab::update_answer;
using kind = final_policy::action::kind;

namespace {

// Runs a policy against a server that answers alike to every call, and writes down what happens:
// P patch, U update, numbers for pauses in seconds.
struct trial {
  patch_answer patch{patch_answer::kind::stored, 0, {}, {}};
  update_answer update{update_answer::kind::succeeded, {}, {}};
  std::vector<update_answer::kind> first_updates;  // before `update`
  unsigned tries = 0;
  std::uint64_t size = 10;

  kind end{};
  std::string calls;
  final_policy::duration took{};

  trial& run() {
    final_policy::time_point now{};
    final_policy policy(0, size, tries, now);
    for (std::size_t updates = 0;;) {
      auto const next = policy.next();
      if (next.what == kind::wait) {
        calls += std::to_string(next.pause / 1s) + " ";
        now += next.pause;
      } else if (next.what == kind::patch) {
        calls += "P ";
        policy.patched(now, patch, next.length);
      } else if (next.what == kind::update) {
        calls += "U ";
        auto answer = update;
        if (updates < first_updates.size()) answer.what = first_updates[updates++];
        policy.updated(now, answer);
      } else {
        end = next.what;
        took = now.time_since_epoch();
        return *this;
      }
    }
  }
};

}  // namespace

TEST_CASE("the rest of the log goes first, in patches of a mebibyte, then the update",
          "[trace][final]") {
  trial t;
  t.size = 2 * gitlab::trace_patch_limit + 1;
  CHECK(t.run().calls == "P P P U ");
  CHECK(t.end == kind::delivered);
  trial empty;
  empty.size = 0;
  CHECK(empty.run().calls == "U ");
}

TEST_CASE("a definite answer ends it", "[trace][final]") {
  trial t;
  t.update.what = update_answer::kind::aborted;
  CHECK(t.run().calls == "P U ");
  CHECK(t.end == kind::refused);
}

TEST_CASE("failed updates are repeated after 1, 2, 4 seconds", "[trace][final]") {
  using enum update_answer::kind;
  trial t;
  t.first_updates = {failed, failed, failed};
  CHECK(t.run().calls == "P U 1 U 2 U 4 U ");
  CHECK(t.end == kind::delivered);
}

TEST_CASE("202 is asked again after the interval and is no failure", "[trace][final]") {
  using enum update_answer::kind;
  trial t;
  t.tries = 1;
  t.first_updates = {accepted, accepted};
  CHECK(t.run().calls == "P U 3 U 3 U ");
  CHECK(t.end == kind::delivered);
  trial paced;
  paced.first_updates = {accepted};
  paced.update.signals.trace_interval = 7s;
  CHECK(paced.run().calls == "P U 7 U ");
}

TEST_CASE("412 sends the whole log again", "[trace][final]") {
  using enum update_answer::kind;
  trial t;
  t.first_updates = {log_wrong, log_wrong};
  CHECK(t.run().calls == "P U 3 P U 3 P U ");
}

TEST_CASE("no answer lets it wait for ever: each kind has an end", "[trace][final]") {
  for (unsigned const tries : {0u, 1u, 10u}) {
    for (auto const patch : {patch_answer::kind::stored, patch_answer::kind::not_found,
                             patch_answer::kind::mismatch, patch_answer::kind::aborted,
                             patch_answer::kind::refused, patch_answer::kind::failed}) {
      for (auto const update : {update_answer::kind::accepted, update_answer::kind::log_wrong,
                                update_answer::kind::failed}) {
        trial t;
        t.tries = tries;
        t.patch.what = patch;
        t.update.what = update;
        t.run();
        CAPTURE(tries, static_cast<int>(patch), static_cast<int>(update), t.calls);
        CHECK(t.end == kind::lost);
        CHECK(t.calls.find('U') != std::string::npos);
        CHECK(t.took <= 2h);
        if (tries == 0) CHECK(t.took >= 59min);
      }
    }
  }
}

TEST_CASE("a limit of tries is kept, and the last one sends the update without the log",
          "[trace][final]") {
  trial updates;
  updates.tries = 3;
  updates.update.what = update_answer::kind::failed;
  CHECK(updates.run().calls == "P U 1 U 2 U ");
  CHECK(updates.end == kind::lost);

  trial patches;
  patches.tries = 3;
  patches.patch.what = patch_answer::kind::failed;
  CHECK(patches.run().calls == "P 1 P 2 P U ");
  CHECK(patches.end == kind::delivered);
}

TEST_CASE("a log that is refused does not hold up the update", "[trace][final]") {
  trial gone;
  gone.patch.what = patch_answer::kind::not_found;
  CHECK(gone.run().calls == "P 1 P 2 P U ");
  trial unknown;
  unknown.patch.what = patch_answer::kind::aborted;
  CHECK(unknown.run().calls == "P 1 P 2 P U ");
  trial aborted;
  aborted.patch.what = patch_answer::kind::aborted;
  aborted.patch.certain = true;
  CHECK(aborted.run().calls == "P U ");
  trial refused;
  refused.patch.what = patch_answer::kind::refused;
  CHECK(refused.run().calls == "P 1 P 2 P U ");
  trial lost;
  lost.patch.what = patch_answer::kind::mismatch;
  CHECK(lost.run().calls == "P 3 P 3 P 3 P 3 P 3 P 3 P 3 P 3 P 3 P 3 P 3 U ");
}

TEST_CASE("a mismatch beyond the log counts as all of it", "[trace][final]") {
  trial t;
  t.patch.what = patch_answer::kind::mismatch;
  t.patch.offset = 5000;
  CHECK(t.run().calls == "P 3 U ");
  CHECK(t.end == kind::delivered);
}
