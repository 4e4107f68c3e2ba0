#include "runner/command/live_log.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

namespace {

constexpr auto stamp = "2026-01-02T03:04:05.000001Z ";

std::string stamped(std::string const& kind, std::string const& text) {
  return stamp + kind + text + "\n";
}

std::string shown(std::string const& bytes, live_log::options how = {}) {
  live_log log(how);
  auto text = log.feed(bytes);
  return text + log.finish();
}

}  // namespace

TEST_CASE("line headers are taken off and the prefix is put before each line", "[command]") {
  auto const bytes = stamped("01O ", "one") + stamped("01E ", "two");
  REQUIRE(shown(bytes) == "one\ntwo\n");
  REQUIRE(shown(bytes, {.prefix = "job | "}) == "job | one\njob | two\n");
}

TEST_CASE("section markers vanish and leave no empty line", "[command]") {
  auto const bytes = stamped("00O ", "section_start:1700000000:prepare_executor\r\x1b[0K") +
                     stamped("00O+", "\x1b[0KPreparing\x1b[0;m") +
                     stamped("00O ", "section_end:1700000001:prepare_executor\r\x1b[0K") +
                     stamped("00O+", "section_start:1700000001:get_sources\r\x1b[0K") +
                     stamped("00O+", "Getting");
  REQUIRE(shown(bytes, {.prefix = "", .colours = false}) == "Preparing\nGetting\n");
}

TEST_CASE("a line that a carriage return cut is shown as one line", "[command]") {
  auto const bytes =
      stamped("01E ", "10 %\r") + stamped("01E+", "20 %\r") + stamped("01E+", "done");
  REQUIRE(shown(bytes) == "10 %\r20 %\rdone\n");
}

TEST_CASE("a line of another stream between the parts gets a line of its own", "[command]") {
  auto const bytes =
      stamped("01E ", "10 %\r") + stamped("01O ", "hello") + stamped("01E+", "20 %\r");
  REQUIRE(shown(bytes) == "10 %\r\nhello\n20 %\r\n");
}

TEST_CASE("logs without line headers pass as they are", "[command]") {
  REQUIRE(shown("plain\nsection_start:1:x\r\x1b[0Ktext\nlast") == "plain\ntext\nlast\n");
}

TEST_CASE("the text is the same wherever the input is cut", "[command]") {
  auto const bytes = stamped("00O ", "section_start:1700000000:a\r\x1b[0K") +
                     stamped("00O+", "\x1b[36;1mtitle\x1b[0;m") + stamped("01E ", "x\r") +
                     stamped("01E+", "y") + "no header\n";
  auto const whole = shown(bytes);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    live_log log({});
    auto text = log.feed(std::string_view(bytes).substr(0, cut));
    text += log.feed(std::string_view(bytes).substr(cut));
    REQUIRE(text + log.finish() == whole);
  }
}

TEST_CASE("a line without end is shown in pieces instead of being kept for ever", "[command]") {
  live_log log({});
  std::string text;
  for (int i = 0; i < 40; ++i) text += log.feed(std::string(64 * 1024, 'x'));
  REQUIRE(text.size() > 1024 * 1024);
}
