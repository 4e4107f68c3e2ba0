#include "runner/command/text_table.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

namespace {

std::string table(std::vector<table_row> const& rows, std::size_t width = 0) {
  return columns(rows, terminal(), no_style, width);
}

}  // namespace

TEST_CASE("columns are as wide as their widest cell, the last one is not padded",
          "[command][table]") {
  CHECK(table({{"id", "name"}, {"1", "a"}, {"1234", ""}}) == "id    name\n1     a\n1234\n");
}

TEST_CASE("a table that is too wide for the terminal cuts its widest columns", "[command][table]") {
  std::vector<table_row> const rows{{"id", "project", "description"},
                                    {"7", "group/sub/project", "a description that never ends"}};
  CHECK(table(rows, 40) ==
        "id  project            description\n"
        "7   group/sub/project  a description th…\n");
  auto const narrow = table(rows, 24);
  CHECK(narrow ==
        "id  project    descript…\n"
        "7   group/su…  a descri…\n");
  // What cannot be cut further is left too wide.
  CHECK(table(rows, 5) == table(rows, 22));
}

TEST_CASE("characters of two columns count as two", "[command][table]") {
  CHECK(shown_width("日本語") == 6);
  CHECK(shown_width("é") == 1);
  CHECK(shown_width("e\xCC\x81") == 1);
  CHECK(shown_width("🚀") == 2);
  CHECK(table({{"n", "x"}, {"日本", "1"}, {"abc", "2"}}) == "n     x\n日本  1\nabc   2\n");
  CHECK(table({{"日本語日本語", "x"}, {"", ""}}, 11) == "日本語…   x\n\n");
}

TEST_CASE("text from elsewhere cannot command the terminal", "[command][table]") {
  auto const& [text, shown] = GENERATE(Catch::Generators::table<std::string, std::string>({
      {"\x1b[2Jgone", "?[2Jgone"},
      {"a\nb\tc", "a?b?c"},
      {"\xC2\x9B" "31m", "?31m"},
      {"\xE2\x80\xAE" "abc", "?abc"},
      {"broken \xC3", "broken ?"},
      {"\xFF\xFE", "??"},
      {"plain é", "plain é"},
  }));
  CHECK(printable(text) == shown);
}

TEST_CASE("long text goes on in the next line, below where it began", "[command][table]") {
  CHECK(wrapped("one two three", 7, 2) == "one two\n  three");
  CHECK(wrapped("one two three", 0, 2) == "one two three");
  CHECK(wrapped("incomprehensible two", 7, 2) == "incomprehensible\n  two");
  CHECK(wrapped("", 7, 2).empty());
}
