#include "runner/trace/upload_policy.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;
using namespace std::chrono_literals;
using gitlab::patch_answer;
using gitlab::update_answer;
using kind = upload_policy::action::kind;

namespace {

upload_policy::time_point const start{};
constexpr std::uint64_t whole = gitlab::trace_patch_limit;

patch_answer patched(patch_answer::kind what, std::uint64_t offset = 0) {
  return {.what = what, .offset = offset};
}

patch_answer with_interval(std::chrono::seconds interval) {
  auto out = patched(patch_answer::kind::stored);
  out.signals.trace_interval = interval;
  return out;
}

update_answer touched(update_answer::kind what) { return {what, {}, {}}; }

}  // namespace

TEST_CASE("the first byte of a quiet log leaves after a tenth of a second", "[trace][upload]") {
  upload_policy policy({}, start);
  auto const idle = policy.next(start, 0);
  CHECK(idle.what == kind::wait);
  CHECK(idle.size == 1);
  CHECK(policy.next(start + 1s, 5).until == start + 1100ms);
  auto const due = policy.next(start + 1100ms, 40);
  CHECK(due.what == kind::patch);
  CHECK(due.offset == 0);
  CHECK(due.length == 40);
  policy.patched(start + 1100ms, patched(patch_answer::kind::stored), 40);
  CHECK(policy.sent() == 40);

  // Quiet for longer than the interval: again at once.
  CHECK(policy.next(start + 10s, 41).until == start + 10100ms);
  CHECK(policy.next(start + 10100ms, 41).what == kind::patch);
}

TEST_CASE("patches of a busy log keep the interval between them, its bytes wait no longer",
          "[trace][upload]") {
  upload_policy policy({}, start);
  policy.next(start, 1);
  REQUIRE(policy.next(start + 100ms, 1).what == kind::patch);
  policy.patched(start + 100ms, patched(patch_answer::kind::stored), 1);
  auto const waits = policy.next(start + 200ms, 100);
  CHECK(waits.what == kind::wait);
  CHECK(waits.until == start + 3100ms);
  CHECK(waits.size == 1 + whole);
  CHECK(policy.next(start + 3099ms, 9000).what == kind::wait);
  CHECK(policy.next(start + 3100ms, 9000).length == 8999);
}

TEST_CASE("the server's interval counts from its answer on, up to 15 minutes", "[trace][upload]") {
  upload_policy policy({}, start);
  policy.next(start, 1);
  policy.patched(start + 100ms, with_interval(60s), 1);
  CHECK(policy.next(start + 200ms, 2).until == start + 30100ms);  // a touch comes first
  CHECK(policy.next(start + 30100ms, 2).what == kind::touch);
  policy.touched(start + 30100ms, touched(update_answer::kind::succeeded));
  CHECK(policy.next(start + 30200ms, 2).until == start + 60100ms);
  CHECK(policy.next(start + 60100ms, 2).what == kind::patch);
  policy.patched(start + 60100ms, with_interval(24h), 1);
  upload_policy::settings how;
  how.force_send = 24h;
  upload_policy patient(how, start);
  patient.patched(start, with_interval(24h), 1);
  CHECK(patient.next(start, 2).until == start + 15min);
}

TEST_CASE("whole patches leave one after the other", "[trace][upload]") {
  upload_policy policy({}, start);
  auto now = start;
  for (std::uint64_t sent = 0; sent < 3 * whole; sent += whole) {
    auto const next = policy.next(now, 3 * whole + 5);
    CHECK(next.what == kind::patch);
    CHECK(next.offset == sent);
    CHECK(next.length == whole);
    policy.patched(now += 10ms, patched(patch_answer::kind::stored), whole);
  }
  CHECK(policy.next(now, 3 * whole + 5).what == kind::wait);
}

TEST_CASE("after a failure the same bytes are sent again when the interval has passed",
          "[trace][upload]") {
  using enum patch_answer::kind;
  for (auto const what : {failed, refused, not_found}) {
    upload_policy policy({}, start);
    policy.next(start, 2 * whole);
    policy.patched(start, patched(what), whole);
    auto const next = policy.next(start + 1s, 2 * whole);
    CHECK(next.what == kind::wait);
    CHECK(next.until == start + 3s);
    CHECK(next.size == UINT64_MAX);
    CHECK(policy.next(start + 3s, 2 * whole).offset == 0);
    CHECK(policy.next(start + 3s, 2 * whole).what == kind::patch);
  }
}

TEST_CASE("a mismatch moves the offset, at most to what was stored", "[trace][upload]") {
  for (auto const& [told, expected] :
       {std::pair{20u, 20u}, {0u, 0u}, {100u, 100u}, {5000u, 100u}}) {
    upload_policy policy({}, start);
    policy.next(start, 100);
    policy.patched(start, patched(patch_answer::kind::mismatch, told), 100);
    CHECK(policy.sent() == expected);
    CHECK(policy.next(start + 1s, 101).what == kind::wait);
  }
}

TEST_CASE("a job that sends nothing is touched after the first interval, then every half minute",
          "[trace][upload]") {
  upload_policy policy({}, start);
  CHECK(policy.next(start, 0).until == start + 3s);
  CHECK(policy.next(start + 3s, 0).what == kind::touch);
  policy.touched(start + 3s, touched(update_answer::kind::succeeded));
  CHECK(policy.next(start + 3s, 0).until == start + 33s);
  CHECK(policy.next(start + 33s, 0).what == kind::touch);
  // One that fails is repeated after the interval.
  policy.touched(start + 33s, touched(update_answer::kind::failed));
  CHECK(policy.next(start + 33s, 0).until == start + 36s);
}

TEST_CASE("a log that the server does not take brings no touches", "[trace][upload]") {
  upload_policy policy({}, start);
  policy.next(start, 5);
  policy.patched(start + 1s, patched(patch_answer::kind::failed), 5);
  CHECK(policy.next(start + 2s, 5).until == start + 4s);
  policy.patched(start + 40s, patched(patch_answer::kind::failed), 5);
  CHECK(policy.next(start + 41s, 5).what == kind::wait);
}

TEST_CASE("the dynamic force-send interval is four intervals, from 30 s to 30 min",
          "[trace][upload]") {
  for (auto const& [interval, expected] : {std::pair{3s, 30s}, {60s, 240s}, {900s, 1800s}}) {
    upload_policy::settings how;
    how.interval = interval;
    how.dynamic_force_send = true;
    upload_policy policy(how, start);
    policy.touched(start, touched(update_answer::kind::succeeded));
    CHECK(policy.next(start, 0).until == start + expected);
  }
}

TEST_CASE("until the server knows of the acceptance a job is touched often, whatever its log does",
          "[trace][upload]") {
  upload_policy policy({.accept_by = start + 25s}, start);
  policy.patched(start + 9s, patched(patch_answer::kind::stored), 40);
  CHECK(policy.next(start + 9s, 40).until == start + 10s);
  CHECK(policy.next(start + 10s, 40).what == kind::touch);
  policy.touched(start + 10s, touched(update_answer::kind::failed));
  policy.patched(start + 19s, patched(patch_answer::kind::failed), 40);
  CHECK(policy.next(start + 20s, 80).what == kind::touch);
  SECTION("it waits no longer") {
    policy.touched(start + 20s, touched(update_answer::kind::failed));
    policy.patched(start + 29s, patched(patch_answer::kind::stored), 40);
    CHECK(policy.next(start + 30s, 80).until == start + 59s);
  }
  SECTION("it knows") {
    policy.touched(start + 20s, touched(update_answer::kind::succeeded));
    policy.patched(start + 21s, patched(patch_answer::kind::stored), 40);
    CHECK(policy.next(start + 21s, 80).until == start + 51s);
  }
}
