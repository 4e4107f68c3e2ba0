#include "runner/pipeline/yaml/load.hpp"
#include "runner/pipeline/yaml/scalar.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

namespace corunner::pipeline::yaml {
namespace {

node load_one(std::string_view text) {
  loaded result = load(text, "f.yml");
  if (result.error) throw std::runtime_error(to_string(*result.error));
  REQUIRE(result.documents.size() == 1);
  return std::move(result.documents.front());
}

std::string error_of(std::string_view text, load_limits const& limits = {}) {
  loaded const result = load(text, "f.yml", limits);
  return result.error ? to_string(*result.error) : std::string();
}

// A tree on one line: scalars with their kind's first letter, containers in brackets.
std::string show(node const& n) {
  switch (n.type) {
    case kind::null:
      return "~";
    case kind::boolean:
      return "b:" + n.text;
    case kind::integer:
      return "i:" + n.text;
    case kind::real:
      return "f:" + n.text;
    case kind::string:
      return "s:" + n.text;
    default:
      break;
  }
  std::string out;
  for (node const& item : n.items) out += (out.empty() ? "" : ", ") + show(item);
  for (node::entry const& e : n.entries) {
    out += fmt::format("{}{}={}", out.empty() ? "" : ", ", e.key, show(e.value));
  }
  if (n.type == kind::mapping) return "{" + out + "}";
  return (n.type == kind::reference ? "!" : "") + ("[" + out + "]");
}

TEST_CASE("plain scalars resolve as in YAML 1.1", "[pipeline][yaml]") {
  struct row {
    std::string_view text;
    kind type;
    std::string_view shown;
  };
  constexpr row rows[]{
      {"", kind::null, ""},
      {"~", kind::null, ""},
      {"null", kind::null, ""},
      {"NULL", kind::null, ""},
      {"nil", kind::string, "nil"},
      {"yes", kind::boolean, "true"},
      {"Yes", kind::boolean, "true"},
      {"on", kind::boolean, "true"},
      {"true", kind::boolean, "true"},
      {"no", kind::boolean, "false"},
      {"OFF", kind::boolean, "false"},
      {"y", kind::string, "y"},
      {"n", kind::string, "n"},
      {"0", kind::integer, "0"},
      {"-0", kind::integer, "0"},
      {"42", kind::integer, "42"},
      {"-17", kind::integer, "-17"},
      {"+17", kind::integer, "17"},
      {"0777", kind::integer, "511"},
      {"0o17", kind::string, "0o17"},
      {"089", kind::string, "089"},
      {"0x1F", kind::integer, "31"},
      {"0b101", kind::integer, "5"},
      {"1_000", kind::integer, "1000"},
      {"1,000", kind::integer, "1000"},
      {"123456789012345678901234567890", kind::integer, "123456789012345678901234567890"},
      {"12:30:45", kind::integer, "45045"},
      {"22:22", kind::integer, "80520"},  // hours and minutes: a quirk of Psych
      {"22:66", kind::string, "22:66"},
      {"1:2:3:4", kind::string, "1:2:3:4"},
      {"1.20", kind::real, "1.2"},
      {"1.", kind::real, "1.0"},
      {".5", kind::real, "0.5"},
      {".", kind::string, "."},
      {"1.2.3", kind::string, "1.2.3"},
      {"1e3", kind::string, "1e3"},
      {"1.0e+3", kind::real, "1000.0"},
      {"1.5e+20", kind::real, "1.5e+20"},
      {"1.0e-7", kind::real, "1.0e-07"},
      {".inf", kind::real, "Infinity"},
      {"-.INF", kind::real, "-Infinity"},
      {".nan", kind::real, "NaN"},
      {"v1.2", kind::string, "v1.2"},
      {"-", kind::string, "-"},
      {"- x", kind::string, "- x"},
      {"2024-13-01", kind::string, "2024-13-01"},
      {"1-2", kind::string, "1-2"},
  };
  for (row const& r : rows) {
    CAPTURE(r.text);
    scalar const got = resolve_plain(r.text);
    CHECK(got.type == r.type);
    CHECK(got.text == r.shown);
    CHECK_FALSE(got.is_date);
  }
}

TEST_CASE("an unquoted date is an error, a quoted one is text", "[pipeline][yaml]") {
  for (char const* const date : {"2024-01-31", "2024-1-31", "2001-12-14t21:59:43.10-05:00",
                                 "2001-12-14 21:59:43"}) {
    CAPTURE(date);
    CHECK(error_of(fmt::format("a:\n  - {}", date)) ==
          fmt::format("f.yml:2:5: Tried to load unspecified class: Date ('{}': quote it)", date));
    CHECK(load_one(fmt::format("\"{}\"", date)).text == date);
  }
}

TEST_CASE("quotes and block scalars are always text", "[pipeline][yaml]") {
  CHECK(show(load_one("['yes', \"1\"]")) == "[s:yes, s:1]");
  CHECK(show(load_one("a: |\n  1\n")) == "{a=s:1\n}");
  CHECK(show(load_one("a: !!str 1")) == "{a=s:1}");
}

TEST_CASE("keys are resolved and compared as text", "[pipeline][yaml]") {
  CHECK(show(load_one("{on: 1, 0x10: 2, ~: 3, 1.50: 4}")) == "{true=i:1, 16=i:2, =i:3, 1.5=i:4}");
}

TEST_CASE("the last of two equal keys wins, at the place of the first", "[pipeline][yaml]") {
  node const got = load_one("a: 1\nb: 2\na: 3\n");
  CHECK(show(got) == "{a=i:3, b=i:2}");
  CHECK(got.entries.front().key_where == position{3, 1});
}

TEST_CASE("anchors, aliases and merge keys", "[pipeline][yaml]") {
  struct row {
    char const* text;
    char const* shown;
  };
  constexpr row rows[]{
      {"a: &x [1, 2]\nb: *x", "{a=[i:1, i:2], b=[i:1, i:2]}"},
      {"a: &x {k: 1}\nb: {<<: *x, l: 2}", "{a={k=i:1}, b={k=i:1, l=i:2}}"},
      {"a: &x {k: 1}\nb: {<<: *x, k: 2}", "{a={k=i:1}, b={k=i:2}}"},
      // What stands before `<<` is replaced: so does Psych, unlike the YAML specification.
      {"a: &x {k: 1}\nb: {k: 2, <<: *x}", "{a={k=i:1}, b={k=i:1}}"},
      {"a: &x {k: 1, m: 1}\nb: &y {k: 2}\nc: {<<: [*x, *y]}",
       "{a={k=i:1, m=i:1}, b={k=i:2}, c={k=i:1, m=i:1}}"},
      {"a: {<<: {k: 1}}", "{a={k=i:1}}"},
      {"a: {<<: text}", "{a={<<=s:text}}"},
      {"a: {\"<<\": {k: 1}}", "{a={<<={k=i:1}}}"},
      {"a: &x 1\nb: &x 2\nc: *x", "{a=i:1, b=i:2, c=i:2}"},
  };
  for (row const& r : rows) {
    CAPTURE(r.text);
    CHECK(show(load_one(r.text)) == r.shown);
  }
}

TEST_CASE("only references and core tags are allowed", "[pipeline][yaml]") {
  node const got = load_one("a: !reference [.b, script]");
  CHECK(show(got) == "{a=![s:.b, s:script]}");
  CHECK(error_of("a: !secret x") ==
        "f.yml:1:4: unknown tag '!secret', only '!reference' is allowed");
  CHECK(error_of("a: !ruby/object:Object {}").starts_with("f.yml:1:4: unknown tag"));
}

TEST_CASE("mistakes of syntax name line and column", "[pipeline][yaml]") {
  struct row {
    char const* text;
    char const* error;
  };
  constexpr row rows[]{
      {"a:\n\tb: 1",
       "f.yml:2:1: found character that cannot start any token while scanning for the next token"},
      {"a: *none", "f.yml:1:4: Unknown alias: none"},
      {"a: &x [*x]", "f.yml:1:8: Unknown alias: x"},
      {"[1, 2\n", "f.yml:2:1: did not find expected ',' or ']' while parsing a flow sequence"},
      {"? [a]\n: b", "f.yml:1:3: a mapping key should be a scalar"},
  };
  for (row const& r : rows) {
    CAPTURE(r.text);
    CHECK(error_of(r.text) == r.error);
  }
}

TEST_CASE("every node knows where it begins", "[pipeline][yaml]") {
  node const got = load_one("a:\n  b: [x,\n    {c: 1}]\n");
  node const& b = *got.find("a")->find("b");
  CHECK(got.find("a")->find_entry("b")->key_where == position{2, 3});
  CHECK(b.where == position{2, 6});
  CHECK(b.items[1].where == position{3, 5});
  CHECK(b.items[1].find("c")->where == position{3, 9});
  CHECK(b.file_name() == "f.yml");
}

TEST_CASE("aliases that multiply are stopped", "[pipeline][yaml]") {
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 12; ++i) {
    bomb +=
        fmt::format("a{0}: &a{0} [*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1}]\n", i, i - 1);
  }
  CHECK(error_of(bomb).ends_with("The parsed YAML is too big"));
}

TEST_CASE("depth and size have limits", "[pipeline][yaml]") {
  auto const nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']');
  };
  CHECK(error_of(nested(100)).empty());
  CHECK(error_of(nested(101)) == "f.yml:1:101: The parsed YAML is too deep");
  CHECK(error_of("abcdef", {.bytes = 5}) == "f.yml:1:1: The parsed YAML is too big");
}

TEST_CASE("a stream may hold several documents or none", "[pipeline][yaml]") {
  CHECK(load("", "f").documents.empty());
  CHECK(load("# nothing\n", "f").documents.empty());
  CHECK(load("a: 1\n---\nb: 2\n", "f").documents.size() == 2);
}

TEST_CASE("merging goes into mappings and replaces the rest", "[pipeline][yaml]") {
  node const base = load_one("{a: {x: 1, y: [1]}, b: [1, 2], c: 3}");
  node const over = load_one("{a: {y: [2], z: ~}, b: [3], d: 4}");
  CHECK(show(deep_merge(base, over)) == "{a={x=i:1, y=[i:2], z=~}, b=[i:3], c=i:3, d=i:4}");
}

}  // namespace
}  // namespace corunner::pipeline::yaml
