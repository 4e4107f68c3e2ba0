#include "runner/journal/journal.hpp"

#include "test/support/memory_storage.hpp"

#include <catch2/catch_test_macros.hpp>

namespace corunner {
namespace {

job_record sample(std::int64_t id) {
  job_record out;
  out.job = {id, secret("token")};
  out.url = "http://gitlab.test";
  return out;
}

struct journal_world {
  test::memory_disk disk;
  journal open() { return journal(std::make_unique<test::memory_storage>(disk, "1")); }
};

}  // namespace

TEST_CASE("a job that was not forgotten is found by the next start, with its log", "[journal]") {
  journal_world w;
  {
    auto first = w.open();
    auto job = first.add(42);
    job.began(sample(42));
    auto const log = job.open_log();
    REQUIRE_FALSE((*log)->write(0, "hello"));
    job.acknowledged(3);
    auto done = first.add(43);
    done.began(sample(43));
    done.ended({.success = true});
    done.forget();
  }
  auto second = w.open();
  auto found = second.take_interrupted();
  REQUIRE(found.size() == 1);
  CHECK(found[0].record.job.id == 42);
  CHECK(found[0].record.acknowledged == 3);
  CHECK_FALSE(found[0].record.end);
  CHECK(found[0].journal.log_size().value() == 5);
  CHECK(second.take_interrupted().empty());
  found[0].journal.forget();
  CHECK(w.disk.empty());
}

TEST_CASE("what belongs to no job is removed at the start", "[journal]") {
  journal_world w;
  w.disk = {{"1/7-0.log", "a log without a record"}, {"1/8-0.job", "torn"}, {"1/8-0.log", "x"}};
  auto opened = w.open();
  CHECK(opened.take_interrupted().empty());
  CHECK(w.disk.empty());
}

TEST_CASE("a record that cannot be written is trouble, told once, and no more", "[journal]") {
  journal_world w;
  auto opened = w.open();
  auto job = opened.add(1);
  CHECK_FALSE(job.trouble());
  w.disk.full = true;
  job.began(sample(1));
  CHECK(job.trouble() == boost::system::errc::no_space_on_device);
  w.disk.full = false;
  job.creates({exec::leftover::kind::processes, "mark"});
  // The record has no beginning: it is nothing.
  CHECK(w.open().take_interrupted().empty());
}

}  // namespace corunner
