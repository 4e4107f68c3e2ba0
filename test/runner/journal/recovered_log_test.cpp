#include "runner/journal/recovered_log.hpp"

#include "test/support/memory_storage.hpp"
#include "test/support/settle.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/crc.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

namespace corunner {
namespace {

log_mark mark_of(std::string_view text) {
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  return {text.size(), fmt::format("crc32:{:08x}", crc.checksum())};
}

// A log as a later process finds it.
struct found_log {
  found_log(std::string const& text, recovered_log::expectation what) : disk{{"1/log", text}} {
    test::memory_storage storage(disk, "1");
    log = std::make_unique<recovered_log>(io.get_executor(), storage.open_spool("log").value(),
                                          text.size());
    test::run_to_end(io, log->examine(pool, std::move(what)));
  }
  std::string text() const { return log->read(0, log->size()).value(); }

  test::memory_disk disk;
  asio::io_context io;
  net::blocking_pool pool{0};
  std::unique_ptr<recovered_log> log;
};

std::string const zeros(3, '\0');

}  // namespace

TEST_CASE("a log after a crash of the process alone is what was found", "[journal]") {
  auto const text = "one\n" + zeros + "two\n";
  found_log w(text, {.marks = {mark_of("one\n")}, .may_be_damaged = false});
  CHECK(w.text() == text);
  CHECK_FALSE(w.log->damaged());
  CHECK(w.log->checksum() == mark_of(text).checksum);
}

TEST_CASE("a log after a loss of power ends where it is not what the job wrote", "[journal]") {
  std::string const text = "one\ntwo\nthree\n";
  struct row {
    std::string found;
    std::vector<log_mark> marks;
    bool ended;
    std::string kept;
    bool damaged;
  };
  auto const one = mark_of("one\n");
  auto const two = mark_of("one\ntwo\n");
  auto const all = mark_of(text);
  std::vector<row> const rows{
      {text, {one, two, all}, true, text, false},
      {text, {one, two}, false, text, false},
      {text, {}, false, text, false},
      {text + "stale", {one, all}, true, text, false},
      {"one\ntw", {one, two, all}, true, "one\ntw", true},
      {"one\ntw", {one}, false, "one\ntw", false},
      {"", {all}, true, "", true},
      {"one\n" + zeros + "\nthree\n", {one, two, all}, true, "one\n", true},
      {"one\n" + zeros + "\nthree\n", {one}, false, "one\n", true},
      {"one\n" + zeros + "\nthree\n", {}, false, "one\n", true},
      {"on" + zeros + "wo\nthree\n", {one, two}, false, "on", true},
      {"one\ntwx\nthree\n", {one, two, all}, true, "one\n", true},
      {"xne\ntwo\n" + zeros, {one, two}, false, "", true},
  };
  for (auto const& [found, marks, ended, kept, damaged] : rows) {
    CAPTURE(found, ended, marks.size());
    found_log w(found, {.marks = marks, .ended = ended});
    CHECK(w.text() == kept);
    CHECK(w.log->damaged() == damaged);
    CHECK(w.log->checksum() == mark_of(kept).checksum);
  }
}

TEST_CASE("a zero that a mark knows of is the job's own", "[journal]") {
  auto const text = "one" + zeros + "two";
  found_log w(text + "three", {.marks = {mark_of(text)}});
  CHECK(w.text() == text + "three");
  CHECK_FALSE(w.log->damaged());
}

TEST_CASE("what is added to a log is read behind it, and not kept", "[journal]") {
  found_log w("one\n", {});
  w.log->append("two\n");
  CHECK(w.text() == "one\ntwo\n");
  CHECK(w.log->read(2, 4).value() == "e\ntw");
  CHECK(w.log->read(5, 3).value() == "wo\n");
  CHECK(w.log->checksum() == mark_of("one\ntwo\n").checksum);
  CHECK(w.log->found().checksum == mark_of("one\n").checksum);
  CHECK(w.log->found().size == 4);
  CHECK(w.disk.content("1/log") == "one\n");
}

TEST_CASE("a log that the server has more of goes on behind that", "[journal]") {
  found_log w("one\n", {});
  w.log->append("two\n");
  w.log->server_holds(3);
  CHECK(w.log->size() == 8);
  w.log->server_holds(4);
  CHECK(w.log->size() == 8);
  w.log->server_holds(6);
  CHECK(w.log->size() == 10);
  CHECK(w.log->read(6, 4).value() == "two\n");
  CHECK(w.log->read(3, 4).error());
  CHECK(w.log->checksum().empty());
}

TEST_CASE("a log without loss of which the server has all is what was added", "[journal]") {
  found_log w("one\n", {.may_be_damaged = false});
  w.log->append("two\n");
  w.log->server_holds(8);
  CHECK(w.text() == "one\ntwo\n");
  CHECK_FALSE(w.log->checksum().empty());
  w.log->server_holds(7);
  CHECK(w.log->checksum().empty());
  CHECK(w.log->read(7, 4).value() == "two\n");
}

}  // namespace corunner
