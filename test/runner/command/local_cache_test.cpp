#include "runner/command/local_cache.hpp"

#include "test/net/temporary_directory.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>

namespace corunner {
namespace {

namespace fs = std::filesystem;

TEST_CASE("each repository has a cache directory of its own, where the user's caches are",
          "[local][cache]") {
  test::temporary_directory const here;
  for (auto const* const name : {"a/repo", "b/repo"}) fs::create_directories(here.path() / name);
  std::map<std::string, std::string, std::less<>> variables;
  auto const of = [&](char const* repository) {
    auto const value = [&](std::string_view name) -> std::optional<std::string> {
      auto const found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    return local_cache_directory(value, here.path() / repository, "/otherwise");
  };
  CHECK(of("a/repo") == "/otherwise");
  variables["HOME"] = "/home/me";
  auto const ours = of("a/repo");
  CHECK(ours.parent_path() == "/home/me/.cache/corunner/local");
  CHECK(ours.filename().string().starts_with("repo-"));
  CHECK(of("a/../a/repo") == ours);
  CHECK(of("b/repo") != ours);
  variables["XDG_CACHE_HOME"] = "/caches";
  CHECK(of("a/repo").parent_path() == "/caches/corunner/local");
  variables["XDG_CACHE_HOME"] = "not/absolute";
  CHECK(of("a/repo") == ours);
  CHECK(of("missing") == "/otherwise");
}

}  // namespace
}  // namespace corunner
