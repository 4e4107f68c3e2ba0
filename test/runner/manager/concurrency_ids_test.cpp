#include "runner/manager/concurrency_ids.hpp"

#include <catch2/catch_test_macros.hpp>

#include <optional>

using namespace corunner;

TEST_CASE("jobs of one token get the lowest free number, per project too", "[manager]") {
  concurrency_ids ids;
  std::optional first = ids.take("token", 1);
  auto const second = ids.take("token", 2);
  auto const third = ids.take("token", 1);
  REQUIRE(first->id() == 0);
  REQUIRE(second.id() == 1);
  REQUIRE(third.id() == 2);
  REQUIRE(first->project_id() == 0);
  REQUIRE(second.project_id() == 0);
  REQUIRE(third.project_id() == 1);
  first.reset();
  auto const fourth = ids.take("token", 1);
  REQUIRE(fourth.id() == 0);
  REQUIRE(fourth.project_id() == 0);
}

TEST_CASE("tokens do not share numbers", "[manager]") {
  concurrency_ids ids;
  auto const one = ids.take("a", 1);
  auto const other = ids.take("b", 1);
  REQUIRE(one.id() == 0);
  REQUIRE(other.id() == 0);
}

TEST_CASE("a moved lease gives its numbers back once", "[manager]") {
  concurrency_ids ids;
  {
    auto one = ids.take("a", 1);
    auto const other = std::move(one);
    REQUIRE(other.id() == 0);
  }
  REQUIRE(ids.take("a", 1).id() == 0);
}
