#include "runner/trace/trace_uploader.hpp"

#include "net/task_group.hpp"
#include "runner/trace/job_trace.hpp"
#include "test/runner/trace/fake_job_api.hpp"
#include "test/runner/trace/memory_spool.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/settle.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;
using namespace std::chrono_literals;
using gitlab::patch_answer;
using gitlab::update_answer;

namespace {

using strings = std::vector<std::string>;

// A job's log and its uploader under manual time.
struct bench {
  asio::io_context io;
  test::manual_time time{io.get_executor()};
  net::blocking_pool pool;
  test::fake_job_api api;
  std::string stored;
  job_trace trace{io.get_executor(), time, std::make_unique<test::memory_spool>(stored),
                  trace_options{.timestamps = false}};
  trace_uploader uploader;
  std::optional<delivery> delivered;
  net::task_group children{io.get_executor()};

  explicit bench(uploader_options how = {})
      : uploader(io.get_executor(), time, pool, api, trace, std::move(how)) {}

  ~bench() {
    children.cancel();
    test::settle(io);
  }

  acceptance accept() {
    acceptance out{};
    test::run_to_end(io, [](trace_uploader& up, acceptance& into) -> awaitable<void> {
      into = co_await up.accept();
    }(uploader, out));
    return out;
  }

  void start() {
    REQUIRE(accept() == acceptance::go);
    api.calls.clear();
    children.spawn(uploader.run());
    test::settle(io);
  }

  void print(std::string const& text) {
    test::run_to_end(io, trace.raw(text));
    test::settle(io);
  }

  void advance(net::time_source::duration by) {
    // In small steps, so that what one wake-up sets in motion happens at its time.
    for (auto const end = time.now() + by; time.now() < end;) {
      auto const next = std::min(end, time.next_deadline());
      time.advance(std::max<net::time_source::duration>(next - time.now(), 0s));
      test::settle(io);
    }
  }

  void finish(job_end how = {.success = true}) {
    test::run_to_end(io, trace.close());
    children.spawn([](trace_uploader& up, job_end end,
                      std::optional<delivery>& into) -> awaitable<void> {
      into = co_await up.finish(std::move(end));
    }(uploader, std::move(how), delivered));
    test::settle(io);
  }

  // Large patches are read on another thread.
  void wait_for_pool() {
    while (!delivered) {
      io.restart();
      io.run_for(10ms);
    }
  }
};

patch_answer patched(patch_answer::kind what, std::string_view job_status = {}) {
  patch_answer out;
  out.what = what;
  out.signals.canceling = job_status == "canceling";
  out.message = what == patch_answer::kind::stored ? "" : "PATCH failed";
  return out;
}

// Of a server that does not say what the job's state is.
patch_answer refused_patch(int status) {
  auto out = patched(status == 403 ? patch_answer::kind::aborted : patch_answer::kind::refused);
  out.status = status;
  return out;
}

update_answer updated(update_answer::kind what, int status = 0, bool canceling = false) {
  update_answer out;
  out.what = what;
  out.status = status;
  out.signals.canceling = canceling;
  return out;
}

}  // namespace

TEST_CASE("acceptance decides whether a job runs", "[trace][uploader]") {
  struct row {
    update_answer answer;
    acceptance expected;
  };
  using enum update_answer::kind;
  for (auto const& [answer, expected] : {
           row{updated(succeeded), acceptance::go},
           row{updated(failed), acceptance::go},
           row{updated(aborted), acceptance::aborted},
           row{updated(succeeded, 200, true), acceptance::canceling},
       }) {
    bench b;
    b.api.next_updates = {answer};
    CHECK(b.accept() == expected);
    CHECK(b.api.updates[0].state == gitlab::job_state::running);
    CHECK(b.api.updates[0].checksum.empty());
    CHECK(b.uploader.aborted().is_set() == (expected == acceptance::aborted));
    CHECK(b.uploader.canceled().is_set() == (expected == acceptance::canceling));
  }
}

TEST_CASE("a job whose acceptance got no clear answer runs; it is accepted again only when the server "
          "refuses what follows",
          "[trace][uploader]") {
  using enum update_answer::kind;
  SECTION("the server takes the log: it knows") {
    bench b;
    b.api.next_updates = {updated(failed)};
    b.start();
    b.print("x\n");
    b.finish();
    CHECK(b.api.calls == strings{"PATCH 0-1", "PUT success"});
  }
  SECTION("it may take the log without knowing: touches accept the job") {
    bench b;
    b.api.next_updates = {updated(failed), updated(failed), updated(succeeded)};
    b.start();
    for (int i = 0; i < 30; ++i) {
      b.print("x\n");
      b.advance(1s);
    }
    CHECK(std::ranges::count(b.api.calls, "PUT running") == 2);
    CHECK(b.api.log.size() > 40);
  }
  SECTION("it refuses the log, until it is told") {
    bench b;
    b.api.next_updates = {updated(failed), updated(failed), updated(succeeded)};
    b.api.next_patches = {refused_patch(403), refused_patch(400)};
    b.start();
    b.print("x\n");
    b.advance(10s);
    CHECK(b.api.calls == strings{"PATCH 0-1", "PUT running", "PUT running", "PATCH 0-1", "PATCH 0-1"});
    CHECK(b.api.updates.back().checksum.empty());
    CHECK_FALSE(b.uploader.aborted().is_set());
  }
  SECTION("it refuses the end") {
    bench b;
    b.api.next_updates = {updated(failed), updated(failed, 400), updated(succeeded)};
    b.start();
    b.finish();
    b.advance(2s);
    CHECK(b.api.calls == strings{"PUT success", "PUT running", "PUT success"});
    CHECK(b.delivered.value().what == delivery::kind::delivered);
  }
  SECTION("a refusal that names the job's state is believed") {
    bench b;
    b.api.next_updates = {updated(failed)};
    b.api.next_patches = {refused_patch(403)};
    b.api.next_patches[0].certain = true;
    b.start();
    b.print("x\n");
    b.advance(1s);
    CHECK(b.api.calls == strings{"PATCH 0-1"});
    CHECK(b.uploader.aborted().is_set());
  }
  SECTION("later, too, for it may have given the job out again, but once a time") {
    bench b;
    b.api.next_updates = {updated(failed)};
    b.start();
    for (int i = 0; i < 40; ++i) b.api.next_updates.push_back(updated(failed));  // touches
    b.advance(125s);
    b.api.calls.clear();
    b.api.next_patches = {refused_patch(403)};
    b.api.next_updates = {updated(failed)};
    b.print("x\n");
    b.advance(2s);
    CHECK(b.api.calls == strings{"PATCH 0-1", "PUT running"});
    CHECK(b.uploader.aborted().is_set());
  }
}

TEST_CASE("an acceptance is told on as soon as it is certain", "[trace][uploader]") {
  using enum update_answer::kind;
  int told = 0;
  bench b({.accepted = [&told] { ++told; }});
  b.api.next_updates = {updated(failed)};
  b.start();
  CHECK(told == 0);
  b.advance(11s);
  CHECK(told == 1);
  b.advance(1min);
  CHECK(told == 1);
}

TEST_CASE("a job that turns out to be somebody else's is dropped without a word",
          "[trace][uploader]") {
  using enum update_answer::kind;
  bench b;
  b.api.next_updates = {updated(failed), updated(aborted)};
  b.api.next_patches = {refused_patch(403)};
  b.start();
  b.print("x\n");
  b.advance(1s);
  CHECK(b.uploader.aborted().is_set());
  b.finish({.success = false});
  CHECK(b.api.calls == strings{"PATCH 0-1", "PUT running"});
  CHECK(b.delivered.value().what == delivery::kind::refused);
}

TEST_CASE("a quiet log is on the server within a fifth of a second", "[trace][uploader]") {
  bench b;
  b.start();
  b.print("first line\n");
  b.advance(200ms);
  CHECK(b.api.log == "first line\n");
  b.print("second\n");
  b.advance(2800ms);
  CHECK(b.api.log == "first line\n");
  b.advance(100ms);
  CHECK(b.api.log == "first line\nsecond\n");
}

TEST_CASE("a short job costs one patch and one update", "[trace][uploader]") {
  bench b;
  b.start();
  b.print("header\n");
  b.advance(50ms);
  b.print("footer\n");
  b.finish();
  REQUIRE(b.delivered);
  CHECK(b.delivered->what == delivery::kind::delivered);
  CHECK(b.api.calls == strings{"PATCH 0-13", "PUT success"});
  CHECK(b.api.updates.back().checksum == b.trace.checksum());
  CHECK(b.api.updates.back().bytesize == 14);
}

TEST_CASE("an empty log has a checksum and no size", "[trace][uploader]") {
  bench b;
  b.start();
  b.finish({.success = false, .reason = gitlab::failure_reason::job_canceled, .exit_code = 3});
  CHECK(b.api.calls == strings{"PUT failed"});
  CHECK(b.api.updates.back().checksum == "crc32:00000000");
  CHECK(b.api.updates.back().bytesize == 0);
  CHECK(b.api.updates.back().reason == gitlab::failure_reason::job_canceled);
  CHECK(b.api.updates.back().exit_code == 3);
}

TEST_CASE("a silent job is touched with what its log holds", "[trace][uploader]") {
  bench b;
  b.start();
  b.advance(3s);
  CHECK(b.api.calls == strings{"PUT running"});
  b.print("x\n");
  b.advance(30s);
  CHECK(b.api.calls == strings{"PUT running", "PATCH 0-1"});
  b.advance(1s);
  CHECK(b.api.calls.back() == "PUT running");
  CHECK(b.api.updates.back().bytesize == 2);
  CHECK(b.api.updates.back().checksum == b.trace.checksum());
}

TEST_CASE("canceling and abort reach the job, from patches and from touches",
          "[trace][uploader]") {
  {
    bench b;
    b.start();
    b.api.next_patches = {patched(patch_answer::kind::stored, "canceling")};
    b.print("x");
    b.advance(1s);
    CHECK(b.uploader.canceled().is_set());
    CHECK_FALSE(b.uploader.aborted().is_set());
  }
  {
    bench b;
    b.start();
    b.api.next_updates = {updated(update_answer::kind::succeeded, 200, true)};
    b.advance(3s);
    CHECK(b.uploader.canceled().is_set());
  }
  {
    bench b;
    b.start();
    b.api.next_updates = {updated(update_answer::kind::aborted)};
    b.advance(10min);
    CHECK(b.uploader.aborted().is_set());
    CHECK(b.api.calls == strings{"PUT running"});
  }
}

TEST_CASE("an abort ends the patches; the end is still told", "[trace][uploader]") {
  bench b;
  b.start();
  auto aborted = patched(patch_answer::kind::aborted);
  aborted.certain = true;
  b.api.next_patches = {aborted, aborted};
  b.print("x\n");
  b.advance(1min);
  CHECK(b.uploader.aborted().is_set());
  b.print("y\n");
  b.advance(1min);
  b.finish({.success = false, .reason = gitlab::failure_reason::unknown_failure});
  CHECK(b.api.calls == strings{"PATCH 0-1", "PATCH 0-3", "PUT failed"});
}

TEST_CASE("a lost answer does not double the log", "[trace][uploader]") {
  bench b;
  b.start();
  b.api.lose_answer = true;
  b.print("one\n");
  b.advance(1s);
  b.print("two\n");
  b.finish();
  b.advance(10s);
  REQUIRE(b.delivered);
  CHECK(b.api.log == "one\ntwo\n");
  CHECK(b.api.calls == strings{"PATCH 0-3", "PATCH 0-7", "PATCH 4-7", "PUT success"});
}

TEST_CASE("a server that is away for long loses nothing", "[trace][uploader]") {
  bench b;
  b.start();
  b.print("one\n");
  for (int i = 0; i < 14; ++i) b.api.next_patches.push_back(patched(patch_answer::kind::failed));
  b.advance(20s);
  b.print("two\n");
  b.finish();
  b.advance(30min);
  REQUIRE(b.delivered);
  CHECK(b.delivered->what == delivery::kind::delivered);
  CHECK(b.delivered->message.empty());
  CHECK(b.api.log == "one\ntwo\n");
}

TEST_CASE("the final update waits for the patch that is under way", "[trace][uploader]") {
  bench b;
  b.start();
  net::event held(b.io.get_executor());
  b.api.hold = &held;
  b.print("one\n");
  b.advance(1s);
  REQUIRE(b.api.calls == strings{"PATCH 0-3"});
  b.finish();
  CHECK_FALSE(b.delivered);
  held.set();
  test::settle(b.io);
  REQUIRE(b.delivered);
  CHECK(b.api.calls == strings{"PATCH 0-3", "PUT success"});
}

TEST_CASE("the final update does not wait for a touch", "[trace][uploader]") {
  bench b;
  b.start();
  net::event held(b.io.get_executor());
  b.api.hold_updates = &held;
  b.advance(3s);
  REQUIRE(b.api.calls == strings{"PUT running"});
  b.api.hold_updates = nullptr;
  b.finish();
  REQUIRE(b.delivered);
  CHECK(b.delivered->what == delivery::kind::delivered);
  CHECK(b.api.calls == strings{"PUT running", "PUT success"});
}

TEST_CASE("a long log goes out in whole patches", "[trace][uploader]") {
  uploader_options how;
  bench b(how);
  b.start();
  std::string const block(100'000, 'x');
  for (int i = 0; i < 25; ++i) b.print(block);
  b.finish();
  b.wait_for_pool();
  CHECK(b.api.log == b.stored);
  CHECK(b.api.calls == strings{"PATCH 0-1048575", "PATCH 1048576-2097151",
                               "PATCH 2097152-2499999", "PUT success"});
}

TEST_CASE("a job may end without ever having been uploaded", "[trace][uploader]") {
  bench b;
  b.print("bare text\n");
  b.finish({.success = false, .reason = gitlab::failure_reason::runner_system_failure,
            .exit_code = 3});
  CHECK(b.api.calls == strings{"PATCH 0-9", "PUT failed"});
}
