#include "runner/trace/trace_buffer.hpp"

#include "test/runner/trace/memory_spool.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;

namespace {

struct bench {
  std::string stored;
  std::size_t room = 1'000'000;
  trace_buffer buffer;
  explicit bench(std::uint64_t limit = 1'000'000)
      : buffer(std::make_unique<test::memory_spool>(stored, &room), limit) {}
};

std::string const notice_of_10 =
    "\n\x1b[33;1mJob's log exceeded limit of 10 bytes.\n"
    "Job execution will continue but no more output will be collected.\x1b[0;m\n";

}  // namespace

TEST_CASE("the checksum covers what is stored", "[trace][buffer]") {
  bench b;
  CHECK(b.buffer.checksum() == "crc32:00000000");
  b.buffer.put("My trace");
  b.buffer.put(" send");
  CHECK(b.buffer.checksum() == "crc32:528def35");
  CHECK(b.buffer.size() == 13);
  CHECK(b.buffer.read(3, 5).value() == "trace");
  CHECK(b.buffer.read(0, 14).error() == asio::error::eof);
}

TEST_CASE("the write that reaches the limit is cut there and a notice follows", "[trace][buffer]") {
  for (std::string const text : {"0123456789", "0123456789abc"}) {
    bench b(10);
    b.buffer.put(text.substr(0, 4));
    CHECK_FALSE(b.buffer.full());
    b.buffer.put(text.substr(4));
    b.buffer.put("dropped");
    b.buffer.finish();
    CHECK(b.stored == "0123456789" + notice_of_10);
    CHECK(b.buffer.size() == b.stored.size());
    CHECK(b.buffer.full());
  }
  bench below(10);
  below.buffer.put("012345678");
  CHECK_FALSE(below.buffer.full());
}

TEST_CASE("the cut at the limit keeps characters whole", "[trace][buffer]") {
  bench b(10);
  b.buffer.put("\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC");
  CHECK(b.stored == "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC" + notice_of_10);
}

TEST_CASE("an incomplete character at the end is replaced", "[trace][buffer]") {
  bench b;
  b.buffer.put("end \xE2\x82");
  CHECK(b.stored == "end ");
  b.buffer.finish();
  CHECK(b.stored == "end \xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("what a full disk did not take is told of at the end, though it is full still",
          "[trace][buffer]") {
  bench b;
  b.buffer.put("kept\n");
  b.room = 8;
  b.buffer.put("lost in part\n");
  CHECK(b.stored == "kept\n");
  b.buffer.finish();
  std::string const whole =
      "kept\n\n\x1b[0;33mWARNING: 13 bytes of this log could not be stored: No space left on "
      "device\x1b[0;m\n";
  REQUIRE(b.buffer.size() == whole.size());
  for (std::size_t from = 0; from < whole.size(); ++from) {
    for (std::size_t length = 0; length <= whole.size() - from; ++length) {
      REQUIRE(b.buffer.read(from, length).value() == whole.substr(from, length));
    }
  }
  bench same;
  same.buffer.put(whole);
  CHECK(b.buffer.checksum() == same.buffer.checksum());
}

TEST_CASE("what a full disk cannot take is told of as soon as there is room", "[trace][buffer]") {
  bench b;
  b.buffer.put("kept\n");
  b.room = 8;
  b.buffer.put("lost in part\n");
  b.buffer.put("lost\n");
  CHECK(b.buffer.size() == 5);
  b.room = 1'000'000;
  b.buffer.put("back\n");
  b.buffer.finish();
  CHECK(b.stored ==
        "kept\n\n\x1b[0;33mWARNING: 18 bytes of this log could not be stored: No space left on "
        "device\x1b[0;m\nback\n");
  CHECK(b.buffer.size() == b.stored.size());
}

TEST_CASE("a spool file is private and goes with its owner", "[trace][spool]") {
  auto const directory = std::filesystem::temp_directory_path() /
                         ("corunner-spool-" + std::to_string(::getpid()));
  std::filesystem::create_directory(directory);
  {
    auto made = open_spool_file(directory);
    REQUIRE(made);
    auto const entry = *std::filesystem::directory_iterator(directory);
    CHECK(entry.path().filename().string().starts_with("trace"));
    CHECK(entry.status().permissions() == std::filesystem::perms(0600));
    CHECK_FALSE((*made)->write(0, "hello"));
    CHECK_FALSE((*made)->write(5, " world"));
    std::string text(11, ' ');
    CHECK((*made)->read(0, asio::buffer(text)).value() == 11);
    CHECK(text == "hello world");
    CHECK((*made)->read(11, asio::buffer(text)).value() == 0);
  }
  CHECK(std::filesystem::is_empty(directory));
  std::filesystem::remove(directory);
  CHECK_FALSE(open_spool_file(directory));
}
