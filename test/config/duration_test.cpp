#include "config/duration.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using namespace std::chrono_literals;

TEST_CASE("a duration is read as Go reads it", "[config][duration]") {
  auto const [text, length] = GENERATE(table<std::string, config::duration>({
      {"0", 0ns},
      {"0s", 0ns},
      {"5s", 5s},
      {"-5s", -5s},
      {"+5s", 5s},
      {"1h30m", 90min},
      {"1.5h", 90min},
      {".5s", 500ms},
      {"1.s", 1s},
      {"1h1m1s1ms1us1ns", 1h + 1min + 1s + 1ms + 1us + 1ns},
      {"1\u00b5s", 1us},
      {"1\u03bcs", 1us},
      {"0.000000001s", 1ns},
      {"9223372036854775807ns", config::duration(9223372036854775807)},
      {"-9223372036854775808ns", config::duration::min()},
  }));
  CAPTURE(text);
  auto const read = config::parse_duration(text);
  REQUIRE(read.has_value());
  CHECK(*read == length);
}

TEST_CASE("a bad duration is refused with Go's words", "[config][duration]") {
  auto const [text, message] = GENERATE(table<std::string, std::string>({
      {"", "time: invalid duration \"\""},
      {"90", "time: missing unit in duration \"90\""},
      {"1d", "time: unknown unit \"d\" in duration \"1d\""},
      {"5x", "time: unknown unit \"x\" in duration \"5x\""},
      {"3600 s", "time: unknown unit \" s\" in duration \"3600 s\""},
      {"1h30min", "time: unknown unit \"min\" in duration \"1h30min\""},
      {".s", "time: invalid duration \".s\""},
      {"-", "time: invalid duration \"-\""},
      {"s", "time: invalid duration \"s\""},
      {"9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\""},
      {"3000000h", "time: invalid duration \"3000000h\""},
  }));
  CAPTURE(text);
  auto const read = config::parse_duration(text);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().message == message);
}

TEST_CASE("a duration is written in its shortest Go form", "[config][duration]") {
  auto const [length, text] = GENERATE(table<config::duration, std::string>({
      {0ns, "0s"},
      {15min, "15m0s"},
      {1h, "1h0m0s"},
      {90min + 1500ms, "1h30m1.5s"},
      {1500ms, "1.5s"},
      {100ms, "100ms"},
      {1500us, "1.5ms"},
      {1500ns, "1.5\u00b5s"},
      {7ns, "7ns"},
      {-90s, "-1m30s"},
      {config::duration::min(), "-2562047h47m16.854775808s"},
  }));
  CAPTURE(text);
  CHECK(config::format_duration(length) == text);
}
