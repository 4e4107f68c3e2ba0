#include "runner/manager/entry_health.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;
using namespace std::chrono_literals;

namespace {

constexpr entry_health::time_point start{};
constexpr entry_health::pause keys{3, 12s};

}  // namespace

TEST_CASE("pauses after failures grow to a minute and end with the first good answer",
          "[manager][health]") {
  entry_health health(std::nullopt, 7, start);
  auto now = start;
  for (int i = 0; i < 20; ++i) {
    health.failed(now, now);
    auto const pause = health.not_before() - now;
    CHECK((pause >= 1s && pause <= 60s));
    if (i == 0) CHECK(pause == 1s);
    now = health.not_before();
  }
  health.good(now);
  CHECK_FALSE(health.in_trouble());
  health.failed(now, now);
  CHECK(health.not_before() == now + 1s);
}

TEST_CASE("requests that fail together count as one failure", "[manager][health]") {
  entry_health health(std::nullopt, 7, start);
  for (int i = 0; i < 5; ++i) health.failed(start, start + 1s + i * 10ms);
  CHECK(health.not_before() == start + 2s);
}

TEST_CASE("with the keys for it an entry is asked as usual until so many refusals in a row",
          "[manager][health]") {
  entry_health health(keys, 7, start);
  CHECK_FALSE(health.refused(start, start));
  CHECK_FALSE(health.refused(start + 3s, start + 3s));
  CHECK(health.not_before() <= start + 3s);
  CHECK(health.refused(start + 6s, start + 6s));
  CHECK(health.not_before() == start + 12s);  // of the interval since it was last well
  CHECK(health.refusals() == 3);
}

TEST_CASE("a pause ends with one request that counts as well, so the next one is as long",
          "[manager][health]") {
  entry_health health(keys, 7, start);
  for (auto at : {0s, 3s, 6s}) health.refused(start + at, start + at);
  CHECK(health.ask(start + 12s));
  for (auto at : {12s, 15s}) CHECK_FALSE(health.refused(start + at, start + at));
  CHECK(health.refused(start + 18s, start + 18s));
  CHECK(health.not_before() == start + 24s);
  CHECK(health.refusals_ever() == 6);
}

TEST_CASE("an answer, also an error of the server, ends the row of refusals", "[manager][health]") {
  entry_health health(keys, 7, start);
  health.refused(start, start);
  health.refused(start, start);
  SECTION("an answer") { health.good(start + 1s); }
  SECTION("an error") { health.failed(start + 1s, start + 1s); }
  CHECK_FALSE(health.refused(start + 4s, start + 4s));
  CHECK_FALSE(health.paused());
}

TEST_CASE("without the keys refusals are answered by longer and longer pauses",
          "[manager][health]") {
  entry_health health(std::nullopt, 7, start);
  auto now = start;
  for (int i = 0; i < 20; ++i) {
    CHECK_FALSE(health.refused(now, now));
    CHECK(health.not_before() >= now + 1s);
    CHECK(health.not_before() <= now + 60s);
    now = health.not_before();
  }
  health.forgive(now);
  CHECK_FALSE(health.in_trouble());
  CHECK(health.not_before() <= now);
}
