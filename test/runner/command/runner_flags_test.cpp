#include "runner/command/runner_flags.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>

using namespace corunner;

TEST_CASE("every flag of an entry sets the entry", "[command][register]") {
  config::runner_entry entry;
  auto const flags = runner_flags(entry);
  auto const set = [&](std::string_view name, std::string_view text) {
    auto const found = std::find_if(flags.begin(), flags.end(), [&](flag const& each) {
      auto const names = each.each_name();
      return std::find(names.begin(), names.end(), name) != names.end();
    });
    REQUIRE(found != flags.end());
    REQUIRE_FALSE(config::set_from_text(found->target, text));
  };
  set("description", "d");
  set("token", "glrt-x");
  set("docker-image", "alpine");
  set("cache-s3-bucket-name", "b");
  set("custom_build_dir-enabled", "true");
  CHECK(entry.name == "d");
  CHECK(entry.token.reveal() == "glrt-x");
  CHECK(entry.docker->image == "alpine");
  CHECK(entry.cache->s3->bucket_name == "b");
  CHECK(entry.custom_build_dir.enabled == true);
}

TEST_CASE("no name stands for two flags", "[command][register]") {
  config::runner_entry entry;
  std::set<std::string_view> names;
  for (flag const& each : runner_flags(entry)) {
    for (auto const name : each.each_name()) {
      CAPTURE(name);
      CHECK(names.insert(name).second);
    }
  }
  CHECK(names.size() > 150);
}
