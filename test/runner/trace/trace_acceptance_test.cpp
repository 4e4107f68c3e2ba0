// Whether and when the server knows that a job runs.

#include "test/runner/trace/uploader_bench.hpp"

namespace corunner::test {

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
    uploader_bench b;
    b.api.next_updates = {answer};
    CHECK(b.accept() == expected);
    CHECK(b.api.updates[0].state == gitlab::job_state::running);
    CHECK(b.api.updates[0].checksum.empty());
    CHECK(b.uploader.aborted().is_set() == (expected == acceptance::aborted));
    CHECK(b.uploader.canceled().is_set() == (expected == acceptance::canceling));
  }
}

TEST_CASE(
    "a job whose acceptance got no clear answer runs; it is accepted again only when the server "
    "refuses what follows",
    "[trace][uploader]") {
  using enum update_answer::kind;
  SECTION("the server takes the log: it knows") {
    uploader_bench b;
    b.api.next_updates = {updated(failed)};
    b.start();
    b.print("x\n");
    b.finish();
    CHECK(b.api.calls == strings{"PATCH 0-1", "PUT success"});
  }
  SECTION("it may take the log without knowing: touches accept the job") {
    uploader_bench b;
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
    uploader_bench b;
    b.api.next_updates = {updated(failed), updated(failed), updated(succeeded)};
    b.api.next_patches = {refused_patch(403), refused_patch(400)};
    b.start();
    b.print("x\n");
    b.advance(10s);
    CHECK(b.api.calls ==
          strings{"PATCH 0-1", "PUT running", "PUT running", "PATCH 0-1", "PATCH 0-1"});
    CHECK(b.api.updates.back().checksum.empty());
    CHECK_FALSE(b.uploader.aborted().is_set());
  }
  SECTION("it refuses the end") {
    uploader_bench b;
    b.api.next_updates = {updated(failed), updated(failed, 400), updated(succeeded)};
    b.start();
    b.finish();
    b.advance(2s);
    CHECK(b.api.calls == strings{"PUT success", "PUT running", "PUT success"});
    CHECK(b.delivered.value().what == delivery::kind::delivered);
  }
  SECTION("a refusal that names the job's state is believed") {
    uploader_bench b;
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
    uploader_bench b;
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
  uploader_bench b({.accepted = [&told] { ++told; }});
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
  uploader_bench b;
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

}  // namespace corunner::test
