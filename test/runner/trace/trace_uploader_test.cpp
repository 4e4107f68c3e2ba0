#include "test/runner/trace/uploader_bench.hpp"

namespace corunner::test {

TEST_CASE("a quiet log is on the server within a fifth of a second", "[trace][uploader]") {
  uploader_bench b;
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
  uploader_bench b;
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
  uploader_bench b;
  b.start();
  b.finish({.success = false, .reason = gitlab::failure_reason::job_canceled, .exit_code = 3});
  CHECK(b.api.calls == strings{"PUT failed"});
  CHECK(b.api.updates.back().checksum == "crc32:00000000");
  CHECK(b.api.updates.back().bytesize == 0);
  CHECK(b.api.updates.back().reason == gitlab::failure_reason::job_canceled);
  CHECK(b.api.updates.back().exit_code == 3);
}

TEST_CASE("a silent job is touched with what its log holds", "[trace][uploader]") {
  uploader_bench b;
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
    uploader_bench b;
    b.start();
    b.api.next_patches = {patched(patch_answer::kind::stored, "canceling")};
    b.print("x");
    b.advance(1s);
    CHECK(b.uploader.canceled().is_set());
    CHECK_FALSE(b.uploader.aborted().is_set());
  }
  {
    uploader_bench b;
    b.start();
    b.api.next_updates = {updated(update_answer::kind::succeeded, 200, true)};
    b.advance(3s);
    CHECK(b.uploader.canceled().is_set());
  }
  {
    uploader_bench b;
    b.start();
    b.api.next_updates = {updated(update_answer::kind::aborted)};
    b.advance(10min);
    CHECK(b.uploader.aborted().is_set());
    CHECK(b.api.calls == strings{"PUT running"});
  }
}

TEST_CASE("an abort ends the patches; the end is still told", "[trace][uploader]") {
  uploader_bench b;
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
  uploader_bench b;
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
  uploader_bench b;
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
  uploader_bench b;
  b.start();
  net::event held(b.io.get_executor());
  b.api.hold = &held;
  b.print("one\n");
  b.advance(1s);
  REQUIRE(b.api.calls == strings{"PATCH 0-3"});
  b.finish();
  CHECK_FALSE(b.delivered);
  held.set();
  settle(b.io);
  REQUIRE(b.delivered);
  CHECK(b.api.calls == strings{"PATCH 0-3", "PUT success"});
}

TEST_CASE("the final update does not wait for a touch", "[trace][uploader]") {
  uploader_bench b;
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
  uploader_bench b(how);
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
  uploader_bench b;
  b.print("bare text\n");
  b.finish({.success = false, .reason = gitlab::failure_reason::runner_system_failure,
            .exit_code = 3});
  CHECK(b.api.calls == strings{"PATCH 0-9", "PUT failed"});
}

}  // namespace corunner::test
