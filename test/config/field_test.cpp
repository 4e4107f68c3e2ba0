#include "config/field.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <map>

using namespace corunner;

namespace {

std::string refusal(config::field const& target, std::string_view text) {
  auto const why = config::set_from_text(target, text);
  return why ? why->message : "";
}

}  // namespace

TEST_CASE("booleans take Go's twelve words and nothing else", "[config][field]") {
  for (auto const* yes : {"1", "t", "T", "TRUE", "true", "True"}) {
    CHECK(config::parse_bool(yes) == true);
  }
  for (auto const* no : {"0", "f", "F", "FALSE", "false", "False"}) {
    CHECK(config::parse_bool(no) == false);
  }
  for (auto const* bad : {"", "yes", "tRUE", "2", " true"}) CHECK_FALSE(config::parse_bool(bad));
}

TEST_CASE("a bad value names the Go function that refuses it", "[config][field]") {
  std::int64_t number = 7;
  std::optional<bool> flag;
  config::duration length{};
  CHECK(refusal(&number, "x") == "strconv.ParseInt: parsing \"x\": invalid syntax");
  CHECK(refusal(&number, "") == "strconv.ParseInt: parsing \"\": invalid syntax");
  CHECK(refusal(&number, "0x10") == "strconv.ParseInt: parsing \"0x10\": invalid syntax");
  CHECK(refusal(&number, "99999999999999999999") ==
        "strconv.ParseInt: parsing \"99999999999999999999\": value out of range");
  CHECK(number == 7);
  CHECK(refusal(&flag, "--name") == "strconv.ParseBool: parsing \"--name\": invalid syntax");
  CHECK_FALSE(flag);
  CHECK(refusal(&length, "5x") == "time: unknown unit \"x\" in duration \"5x\"");
}

TEST_CASE("lists grow by one element, commas and all", "[config][field]") {
  std::vector<std::string> list{"a"};
  REQUIRE(refusal(&list, "b,c").empty());
  CHECK(list == std::vector<std::string>{"a", "b,c"});
}

TEST_CASE("a list that may be one string is split at commas and replaced", "[config][field]") {
  config::one_or_more policies{{"never"}};
  REQUIRE(refusal(&policies, "always, if-not-present").empty());
  CHECK(policies.values == std::vector<std::string>{"always", "if-not-present"});
}

TEST_CASE("a map takes key:value, split at the first colon, or a JSON object", "[config][field]") {
  config::string_map map;
  REQUIRE(refusal(&map, "a:1:2").empty());
  REQUIRE(refusal(&map, "lonely").empty());
  REQUIRE(refusal(&map, R"({"b": "x", "c": "y"})").empty());
  CHECK(map == config::string_map{{"a", "1:2"}, {"b", "x"}, {"c", "y"}, {"lonely", ""}});

  config::flag_map flags;
  REQUIRE(refusal(&flags, "FF_A:true").empty());
  REQUIRE(refusal(&flags, R"({"FF_B": false})").empty());
  CHECK(flags == config::flag_map{{"FF_A", true}, {"FF_B", false}});
  CHECK(refusal(&flags, "FF_C:maybe") == "strconv.ParseBool: parsing \"maybe\": invalid syntax");
}

TEST_CASE("a time survives text, to the nanosecond", "[config][field]") {
  auto const [text, canonical] = GENERATE(table<std::string, std::string>({
      {"2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"},
      {"2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678Z"},
      {"2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.123456789Z"},
      {"2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05Z"},
      {"2026-01-02 03:04:05-00:30", "2026-01-02T03:34:05Z"},
      {"2026-01-02T03:04Z", "2026-01-02T03:04:00Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
  }));
  CAPTURE(text);
  auto const read = config::parse_timestamp(text);
  REQUIRE(read.has_value());
  CHECK(config::format_timestamp(*read) == canonical);
}

TEST_CASE("what is no time is refused", "[config][field]") {
  auto const* text =
      GENERATE("", "2026-01-02", "2026-13-02T03:04:05Z", "2026-02-30T00:00:00Z",
               "2026-01-02T24:00:00Z", "2026-01-02T03:04:05", "2026-01-02T03:04:05Zx");
  CAPTURE(text);
  CHECK_FALSE(config::parse_timestamp(text));
}

TEST_CASE("numbers are added to lists and maps, and a free table takes no text",
          "[config][field]") {
  std::vector<std::int64_t> groups;
  CHECK_FALSE(config::set_from_text(&groups, "7"));
  CHECK_FALSE(config::set_from_text(&groups, "8"));
  CHECK(groups == std::vector<std::int64_t>{7, 8});
  CHECK(config::set_from_text(&groups, "x").has_value());
  config::number_map limits;
  CHECK_FALSE(config::set_from_text(&limits, "timeout:3"));
  CHECK_FALSE(config::set_from_text(&limits, "reset:4"));
  CHECK(limits == config::number_map{{"timeout", 3}, {"reset", 4}});
  CHECK(config::is_repeatable(&groups));
  CHECK(config::is_repeatable(&limits));
  config::free_table table;
  CHECK(config::set_from_text(&table, "{}").has_value());
}
