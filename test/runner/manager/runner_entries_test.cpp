#include "runner/manager/runner_entries.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;

namespace {

config::runner_entry entry_of(std::string token, std::string url = "https://gitlab.example.com") {
  config::runner_entry one;
  one.token = secret(std::move(token));
  one.url = std::move(url);
  return one;
}

entry_matches match(std::vector<config::runner_entry> const& before,
                    std::vector<config::runner_entry> const& after) {
  std::vector<config::runner_entry const*> old;
  for (auto const& each : before) old.push_back(&each);
  return match_entries(old, after);
}

using places = std::vector<std::size_t>;
using pairs = std::vector<std::pair<std::size_t, std::size_t>>;

}  // namespace

TEST_CASE("an entry is the same when url and token are, whatever else was changed or moved",
          "[manager][reload]") {
  auto renamed = entry_of("b");
  renamed.name = "other";
  renamed.limit = 7;
  auto const found = match({entry_of("a"), entry_of("b"), entry_of("c")},
                           {renamed, entry_of("d"), entry_of("a")});
  CHECK(found.kept == pairs{{1, 0}, {0, 2}});
  CHECK(found.added == places{1});
  CHECK(found.removed == places{2});
}

TEST_CASE("another url or another token is another entry", "[manager][reload]") {
  auto const found = match({entry_of("a"), entry_of("b")},
                           {entry_of("a", "https://other.example.com"), entry_of("x")});
  CHECK(found.kept.empty());
  CHECK(found.added.size() == 2);
  CHECK(found.removed.size() == 2);
}

TEST_CASE("several entries of one url and token are matched in order", "[manager][reload]") {
  auto const fewer = match({entry_of("a"), entry_of("a")}, {entry_of("a")});
  CHECK(fewer.kept == pairs{{0, 0}});
  CHECK(fewer.removed == places{1});
  auto const more = match({entry_of("a")}, {entry_of("a"), entry_of("a")});
  CHECK(more.kept == pairs{{0, 0}});
  CHECK(more.added == places{1});
}

TEST_CASE("settings are compared key by key, the token too", "[manager][reload]") {
  CHECK(same_settings(entry_of("a"), entry_of("a")));
  CHECK_FALSE(same_settings(entry_of("a"), entry_of("b")));
  auto other = entry_of("a");
  other.environment = {"A=1"};
  CHECK_FALSE(same_settings(entry_of("a"), other));
}

TEST_CASE("no slots for a concurrent below 0, three seconds for a check interval of 0",
          "[manager][reload]") {
  config::configuration values;
  values.concurrent = -3;
  CHECK(slots_of(values) == 0);
  CHECK(check_interval_of(values) == std::chrono::seconds(3));
}
