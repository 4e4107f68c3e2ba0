#include "config/document.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

TEST_CASE("a table is written with its plain keys first and two spaces a level", "[config][toml]") {
  auto const read = config::parse_toml(R"(
a = 1
[t]
[t.inner]
deep = [1, 2]
[[list]]
x = 1.5
[[list]]
y = 2.0
[list.sub]
z = "s"
)");
  REQUIRE(read.has_value());
  CHECK(config::write_toml(*read) == R"(a = 1

[t]
  [t.inner]
    deep = [1, 2]

[[list]]
  x = 1.5

[[list]]
  y = 2.0
  [list.sub]
    z = "s"
)");
}

TEST_CASE("an empty line stands before every nested list entry", "[config][toml]") {
  auto const read = config::parse_toml("[a]\nk = 1\n[[a.b]]\nx = 1\n[a.c]\ny = 2\n");
  REQUIRE(read.has_value());
  CHECK(config::write_toml(*read) == "[a]\n  k = 1\n\n  [[a.b]]\n    x = 1\n  [a.c]\n    y = 2\n");
}

TEST_CASE("keys keep the order of the file", "[config][toml]") {
  auto const* text = "zebra = 1\nant = 2\nmole = [3]\n\n[yak]\n  q = true\n\n[bee]\n  p = \"\"\n";
  auto const read = config::parse_toml(text);
  REQUIRE(read.has_value());
  CHECK(config::write_toml(*read) == text);
}

TEST_CASE("strings and keys are escaped for one line", "[config][toml]") {
  config::node table;
  table.entries.push_back(
      {"net.ipv4", config::node::of(std::string_view("\"\\\t\n\r\b\f\a\x7f\u00e4"))});
  CHECK(config::write_toml(table) ==
        "\"net.ipv4\" = \"\\\"\\\\\\t\\n\\r\\b\\f\\u0007\\u007f\u00e4\"\n");
  auto const read = config::parse_toml(config::write_toml(table));
  REQUIRE(read.has_value());
  CHECK(*read == table);
}

TEST_CASE("a syntax error names its line", "[config][toml]") {
  auto const [text, start] = GENERATE(table<std::string, std::string>({
      {"concurrent 4\n", "toml: line 1: "},
      {"a = 1\nb = \n", "toml: line 2: "},
      {"a = 1\na = 2\n", "toml: line 2: "},
      {"a = \"x\n", "toml: line 1: "},
      {"[t]\n[t]\n", "toml: line 2: "},
      {"a\xef\xb9\xbf = 1\n\xef\xb9\xbf\xef\xb9\xbf: 1\n", "toml: line 2: "},
      {"a = 1\n[,t]\n", "toml: line 2: Error while parsing key: "},
      {"a = 2026-13-01T00:00:00Z\n", "toml: line 1: "},
  }));
  CAPTURE(text);
  auto const read = config::parse_toml(text);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().message.starts_with(start));
}

TEST_CASE("a byte order mark and CRLF are no errors", "[config][toml]") {
  auto const read = config::parse_toml("\xEF\xBB\xBF" "a = 1\r\nb = 2\r\n");
  REQUIRE(read.has_value());
  CHECK(config::write_toml(*read) == "a = 1\nb = 2\n");
}
