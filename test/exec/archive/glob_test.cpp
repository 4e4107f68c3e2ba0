#include "exec/archive/glob.hpp"

#include "exec/archive/lexical_path.hpp"
#include "test/exec/archive/scratch.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>

#include <set>

namespace corunner::exec {
namespace {

using row = std::tuple<std::string, std::string, bool>;

TEST_CASE("a glob matches paths as GitLab's artifacts do", "[exec][archive]") {
  auto const [pattern, path, expected] = GENERATE(table<std::string, std::string, bool>({
      row{"*.txt", "a.txt", true},
      row{"*.txt", ".hidden.txt", true},
      row{"*.txt", "dir/a.txt", false},
      row{"*", "a", true},
      row{"a*", "a", true},
      row{"a*c*e", "abcde", true},
      row{"a*c*e", "abcdf", false},
      row{"?.txt", "\u00C5.txt", true},
      row{"?.txt", "ab.txt", false},
      row{"?", "/", false},
      row{"f[0-1].txt", "f1.txt", true},
      row{"f[0-1].txt", "f9.txt", false},
      row{"f[!0-1].txt", "f9.txt", true},
      row{"f[^0-1].txt", "f0.txt", false},
      row{"[\\]]", "]", true},
      row{"[a\\-c]", "b", false},
      row{"[a-]", "-", true},
      row{"[\u00E0-\u00FF]", "\u00E9", true},
      row{"[x].txt", "[x].txt", false},
      row{"\\[x\\].txt", "[x].txt", true},
      row{"\\*.star", "*.star", true},
      row{"\\*.star", "a.star", false},
      row{"{a,b}.{txt,log}", "b.log", true},
      row{"{a,b}.{txt,log}", "c.log", false},
      row{"src/{deep/{b,.c},none}.txt", "src/deep/.c.txt", true},
      row{"src/{deep/{b,.c},none}.txt", "src/none.txt", true},
      row{"{a,}b", "b", true},
      row{"{a\\,b}", "a,b", true},
      row{"**/*.txt", "a.txt", true},
      row{"**/*.txt", "x/y/a.txt", true},
      row{"**", "x/y/z", true},
      row{"dir/**", "dir", true},
      row{"dir/**", "dir/a/b", true},
      row{"dir/**", "dirt", false},
      row{"dir/**/*", "dir", false},
      row{"dir/**/*", "dir/a", true},
      row{"a/**/b/**/c", "a/x/b/y/z/c", true},
      row{"a/**/b/**/c", "a/b/c", true},
      row{"a/**/b/**/c", "a/b", false},
      row{"a/**/**/b", "a/x/b", true},
      row{"d**r", "deeper", true},
      row{"d**r", "deep/er", false},
      row{"d**/x", "d1/d2/x", false},
      row{"{**/,}x", "a/b/x", true},
      row{"A.TXT", "a.txt", false},
      row{"*??", "\u65E5", false},
      row{"a\xFF*", "a\xFF\xFE", true},
      row{"?\xFE", "\xFF\xFE", true},
  }));
  CAPTURE(pattern, path);
  CHECK(glob(pattern).valid());
  CHECK(glob(pattern).matches(path) == expected);
}

TEST_CASE("a broken glob is not valid and matches nothing", "[exec][archive]") {
  auto const* const pattern =
      GENERATE("[", "f[0.txt", "{a,b", "a}", "[]", "[!]", "a\\", "{a\\}", "[a\\");
  CAPTURE(pattern);
  CHECK_FALSE(glob(pattern).valid());
  CHECK_FALSE(glob(pattern).matches(pattern));
}

TEST_CASE("braces that would be written out too often are refused", "[exec][archive]") {
  std::string pattern;
  for (int i = 0; i < 12; ++i) pattern += "{a,b}";
  CHECK(glob(pattern).valid());
  CHECK_FALSE(glob(pattern + "{a,b}").valid());
}

TEST_CASE("a glob made to be slow is not", "[exec][archive]") {
  std::string const name(3000, 'a');
  CHECK_FALSE(glob("*a*a*a*a*a*a*a*a*a*a*a*a*b").matches(name));
  std::string deep = "a";
  for (int i = 0; i < 1000; ++i) deep += "/a";
  CHECK_FALSE(glob("**/a/**/a/**/a/**/a/**/a/**/b").matches(deep));
}

TEST_CASE("a glob is split where its first wildcard is", "[exec][archive]") {
  using text = std::string;
  auto const [pattern, base, rest] = GENERATE(table<text, text, text>({
      {"a/b/*.c", "a/b", "*.c"},
      {"*.c", ".", "*.c"},
      {"a/b", "a", "b"},
      {"a/b/", "a/b", ""},
      {"/a", "/", "a"},
      {"a/[b]/c", "a", "[b]/c"},
      {"a/\\*/b*", "a/\\*", "b*"},
      {"{a/b,c}/d", ".", "{a/b,c}/d"},
  }));
  CAPTURE(pattern);
  CHECK(split_glob(pattern) == std::pair(base, rest));
}

TEST_CASE("paths are cleaned as text", "[exec][archive]") {
  auto const [path, clean] = GENERATE(table<std::string, std::string>({
      {"", "."},
      {"a//b/./c/", "a/b/c"},
      {"a/../b", "b"},
      {"../a", "../a"},
      {"a/../../b", "../b"},
      {"/..", "/"},
      {"/a/../../b", "/b"},
      {"..", ".."},
  }));
  CAPTURE(path);
  CHECK(clean_path(path) == clean);
}

TEST_CASE("a path below a root loses it, another is none", "[exec][archive]") {
  CHECK(path_below("/w", "/w") == ".");
  CHECK(path_below("/w", "/w/a/b") == "a/b");
  CHECK(path_below("/w", "/w2/a").empty());
  CHECK(path_below("/w", "/").empty());
  CHECK(path_below("/", "/a") == "a");
}

std::set<std::string> found(test::scratch const& in, std::string const& pattern) {
  std::set<std::string> all;
  find_files(in.path(), glob(pattern), [&](std::string const& path) { all.insert(path); });
  return all;
}

TEST_CASE("looking for files follows links in the literal front only", "[exec][archive]") {
  test::scratch in;
  in.file("real/a.txt", "a");
  in.file("real/sub/b.txt", "b");
  in.link("to-dir", "real");
  in.link("broken", "nowhere");
  using names = std::set<std::string>;
  CHECK(found(in, "to-dir/*") == names{"to-dir/a.txt", "to-dir/sub"});
  CHECK(found(in, "to-dir") == names{"to-dir"});
  CHECK(found(in, "broken").empty());
  CHECK(found(in, "*") == names{"real", "to-dir", "broken"});
  CHECK(found(in, "*/sub/b.txt") == names{"real/sub/b.txt"});
  CHECK(found(in, "**/*.txt") == names{"real/a.txt", "real/sub/b.txt"});
  CHECK(found(in, "real/**") == names{"real", "real/a.txt", "real/sub", "real/sub/b.txt"});
  CHECK(found(in, "real/sub/**/b.txt") == names{"real/sub/b.txt"});
}

TEST_CASE("an empty alternative matches, but is not looked for at the end of its braces",
          "[exec][archive]") {
  test::scratch in;
  for (auto const* name : {"a", "ax", "b/a"}) in.file(name, "");
  using names = std::set<std::string>;
  CHECK(found(in, "a{,x}") == names{"a", "ax"});
  CHECK(found(in, "a{x,}") == names{"ax"});
  CHECK(found(in, "{b/,}a") == names{"b/a"});
  CHECK(found(in, "a{}").empty());
  CHECK(found(in, "{a,}") == names{"a"});
  CHECK(found(in, "{,}").empty());
  CHECK(glob("a{x,}").matches("a"));
}

TEST_CASE("a backslash before the first wildcard quotes wildcards and brackets only",
          "[exec][archive]") {
  test::scratch in;
  for (auto const* name : {"back\\slash", "*star", "a", "back\\s/f"}) in.file(name, "");
  using names = std::set<std::string>;
  CHECK(found(in, "back\\slash") == names{"back\\slash"});
  CHECK(found(in, "back\\s/*") == names{"back\\s/f"});
  CHECK(found(in, "\\*star") == names{"*star"});
  CHECK(found(in, "\\a").empty());
  CHECK(found(in, "*/\\f") == names{"back\\s/f"});
}

TEST_CASE("nothing is below a file", "[exec][archive]") {
  test::scratch in;
  in.file("a.txt", "");
  in.folder("void");
  CHECK(found(in, "a.txt/**").empty());
  CHECK(found(in, "void/**") == std::set<std::string>{"void"});
}

}  // namespace
}  // namespace corunner::exec
