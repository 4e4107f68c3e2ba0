#include "runner/job/cache_key.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

TEST_CASE("keys are cleaned as paths that cannot climb", "[job][cache]") {
  auto const [raw, clean] = GENERATE(table<std::string, std::string>({
      {"fallback_key/ \\", "fallback_key"},
      {"fallback_key / \\o", "fallback_key / /o"},
      {"some%2f../job/some/ref/.", "job/some/ref"},
      {"%2E%2E%2E", "..."},
      {"%5C", "%5C"},
      {"foo/bar/../../../.././blerp", "blerp"},
      {"a/../b%2fc /", "b/c"},
      {"plain", "plain"},
      {"  lead", "  lead"},
      {"tail \t", "tail"},
      {"//a//b", "a/b"},
      {" / ", ""},
      {"foo/bar/../..", ""},
      {"", ""},
      {"..", ""},
  }));
  CAPTURE(raw);
  CHECK(sanitize_cache_key(raw) == clean);
}

TEST_CASE("what happened to a key is told", "[job][cache]") {
  CHECK(make_cache_key("plain", false).warning.empty());
  CHECK(make_cache_key("a/../b", false).warning == "cache key \"a/../b\" sanitized to \"b\"");
  CHECK(make_cache_key("a\\b", false).warning ==
        "cache key \"a\\\\b\" sanitized to \"a/b\"");
  CHECK(make_cache_key("", false).warning.empty());
  auto const lost = make_cache_key("foo/../..", false);
  CHECK(lost.human.empty());
  CHECK(lost.warning == "cache key \"foo/../..\" could not be sanitized");
}

TEST_CASE("a hashed key is shown as written, and each scheme knows the other", "[job][cache]") {
  std::string const hash = "0998eecf4c3bdfac59f0392dbf7e56460c1ce4f88ad8d185ef5aac932ab22c31";
  auto const hashed = make_cache_key("deps 1001", true);
  CHECK(hashed.human == "deps 1001");
  CHECK(hashed.storage == hash);
  CHECK(hashed.alternate == "deps 1001");
  auto const plain = make_cache_key("deps 1001", false);
  CHECK(plain.storage == "deps 1001");
  CHECK(plain.alternate == hash);
}

TEST_CASE("caches of protected branches are no fallback", "[job][cache]") {
  CHECK(is_protected_fallback_key("main-protected"));
  CHECK(is_protected_fallback_key("main-protected. ."));
  CHECK(is_protected_fallback_key("main-protected/ "));
  CHECK_FALSE(is_protected_fallback_key("main-protected-not"));
  CHECK_FALSE(is_protected_fallback_key("main-non_protected"));
}
