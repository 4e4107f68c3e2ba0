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

job_record sample_of(journal const& from, std::int64_t id) {
  auto out = sample(id);
  out.machine_start = from.machine_start();
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
    job.began(sample_of(first, 42));
    auto const log = job.open_log();
    REQUIRE_FALSE((*log)->write(0, "hello"));
    job.acknowledged(3, {5, "crc32:3610a686"});
    auto done = first.add(43);
    done.began(sample(43));
    done.ended({.success = true}, {});
    done.forget();
  }
  auto second = w.open();
  auto found = second.take_interrupted();
  REQUIRE(found.size() == 1);
  CHECK(found[0].record.job.id == 42);
  CHECK(found[0].record.acknowledged == 3);
  CHECK_FALSE(found[0].record.end);
  CHECK_FALSE(found[0].other_machine_start);
  CHECK(found[0].journal.log_size().value() == 5);
  CHECK(second.take_interrupted().empty());
  found[0].journal.forget();
  CHECK(w.disk.empty());
}

TEST_CASE("what belongs to no job is removed at the start", "[journal]") {
  journal_world w;
  w.disk = test::memory_disk{
      {"1/7-0.log", "a log without a record"}, {"1/8-0.job", "torn"}, {"1/8-0.log", "x"}};
  auto opened = w.open();
  CHECK(opened.take_interrupted().empty());
  CHECK(w.disk.empty());
  CHECK(opened.unreadable() == 1);
}

TEST_CASE("a line that finds no room is written with the next one", "[journal]") {
  journal_world w;
  auto opened = w.open();
  auto job = opened.add(1);
  w.disk.full = true;
  job.began(sample(1));
  CHECK(job.trouble() == boost::system::errc::no_space_on_device);
  // Nobody knows the job as long as there is no room.
  CHECK(read_record(*w.disk.content("1/1-0.job")) == std::nullopt);
  w.disk.full = false;
  job.accepted();
  auto const read = read_record(*w.disk.content("1/1-0.job"));
  REQUIRE(read);
  CHECK(read->accepted);
}

TEST_CASE("what a full disk did not take of one's progress does not pile up", "[journal]") {
  journal_world w;
  auto opened = w.open();
  auto job = opened.add(1);
  job.began(sample(1));
  w.disk.full = true;
  for (unsigned i = 1; i <= 1000; ++i) job.acknowledged(i, {i, "crc32:00000000"});
  w.disk.full = false;
  auto const torn = w.disk.content("1/1-0.job")->size();
  job.acknowledged(1001, {1001, "crc32:00000000"});
  CHECK(w.disk.content("1/1-0.job")->size() - torn < 150);
  CHECK(read_record(*w.disk.content("1/1-0.job"))->acknowledged == 1001);
}

TEST_CASE("a start after a loss of power is told from one after a crash", "[journal]") {
  journal_world w;
  {
    auto first = w.open();
    auto job = first.add(1);
    job.began(sample_of(first, 1));
  }
  CHECK_FALSE(w.open().take_interrupted().at(0).other_machine_start);
  w.disk.sync("1/", {"1-0.job"});
  w.disk.lose_power([](std::uint64_t) { return 0u; });
  CHECK(w.open().take_interrupted().at(0).other_machine_start);
}

TEST_CASE("what is written to a record that was torn is read", "[journal]") {
  journal_world w;
  {
    auto first = w.open();
    first.add(1).began(sample(1));
  }
  w.disk.write("1/1-0.job", w.disk.content("1/1-0.job")->size(), "0123 {\"torn");
  w.open().take_interrupted().at(0).journal.accepted();
  CHECK(read_record(*w.disk.content("1/1-0.job"))->accepted);
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
  CHECK(w.open().take_interrupted().empty());
}

}  // namespace corunner
