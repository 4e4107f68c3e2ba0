#include "test/runner/job/scripted_job.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;

namespace {

// The keys of the caches, as the script of restore_cache says them.
struct cached_job : test::scripted_job {
  gitlab::job_cache& entry() { return payload.cache.front(); }

  cached_job() { payload.cache = {{.key = "main", .policy = "pull", .paths = {"x"}}}; }

  std::string restore() { return restore_cache_script(context()).value(); }
};

bool contains(std::string const& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a cache without a key is named after job and ref", "[job][scripts][cache]") {
  cached_job b;
  b.entry().key.clear();
  b.payload.job_info.name = "../build it";
  b.payload.git_info.ref = "feature/x/";
  CHECK(contains(b.restore(), "Checking cache for build it/feature/x..."));
}

TEST_CASE("a key that comes to nothing is no key, and nobody is to blame",
          "[job][scripts][cache]") {
  cached_job b;
  b.entry().key = "$NOT_SET";
  auto const text = b.restore();
  CHECK(contains(text, "Skipping cache extraction due to empty cache key"));
  CHECK_FALSE(contains(text, "could not be sanitized"));
  CHECK_FALSE(contains(text, "Checking cache"));
}

TEST_CASE("fallback keys are tried in order, the variable's last", "[job][scripts][cache]") {
  cached_job b;
  b.variable("BASE", "trunk");
  b.variable("CACHE_FALLBACK_KEY", "last-$CI_PROJECT_DIR");
  b.entry().fallback_keys = {"first", "$BASE", "$NOT_SET"};
  auto const text = b.restore();
  auto const first = text.find("Checking cache for first...");
  auto const second = text.find("Checking cache for trunk...");
  auto const last =
      text.find("Checking cache for last-/work-dir/builds/bench0tok/0/group/project...");
  CHECK(text.find("Checking cache for main...") < first);
  CHECK(first < second);
  CHECK(second < last);
  CHECK(last != std::string::npos);
}

TEST_CASE("a fallback key of which nothing is left is told", "[job][scripts][cache]") {
  cached_job b;
  b.entry().fallback_keys = {"foo/../.."};
  auto const text = b.restore();
  CHECK(contains(text, "could not be sanitized"));
  CHECK(contains(text, "Skipping cache extraction due to empty cache key"));
  CHECK(contains(text, "Checking cache for main..."));
}

TEST_CASE("the fallback of the variable is refused by what is left of it",
          "[job][scripts][cache]") {
  cached_job b;
  b.variable("CACHE_FALLBACK_KEY", "a/../main-protected/");
  auto const text = b.restore();
  CHECK(contains(text, "CACHE_FALLBACK_KEY \"main-protected\" not allowed to end in"));
  CHECK_FALSE(contains(text, "Checking cache for main-protected"));
}
