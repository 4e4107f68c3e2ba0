#include "runner/manager/request_limit.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace corunner;
using outcome = request_limit::outcome;

TEST_CASE("a fixed request limit is what is configured, at least 1", "[manager][requests]") {
  CHECK(request_limit(3, false).used() == 3);
  CHECK(request_limit(0, false).used() == 1);
  request_limit fixed(3, false);
  fixed.answered(outcome::pushed_back);
  CHECK(fixed.used() == 3);
  CHECK(fixed.adapted() == 0);
}

TEST_CASE("an adapted limit begins at 1, is 2 after the second job and 3 after the ninth",
          "[manager][requests]") {
  request_limit limit(4);
  CHECK(limit.adapted() == 0);
  CHECK(limit.used() == 1);
  for (int jobs = 1; jobs <= 9; ++jobs) {
    limit.answered(outcome::job);
    CAPTURE(jobs);
    CHECK(limit.used() == (jobs < 2 ? 1u : jobs < 9 ? 2u : 3u));
  }
}

TEST_CASE("an adapted limit grows by a tenth, shrinks by a twentieth and is halved by a push-back",
          "[manager][requests]") {
  request_limit limit(100);
  limit.answered(outcome::nothing);
  CHECK(limit.adapted() == 1);
  limit.answered(outcome::job);
  CHECK(limit.adapted() == Catch::Approx(1.1));
  for (int i = 0; i < 20; ++i) limit.answered(outcome::job);
  auto const before = limit.adapted();
  limit.answered(outcome::nothing);
  CHECK(limit.adapted() == Catch::Approx(before * 0.95));
  limit.answered(outcome::pushed_back);
  CHECK(limit.adapted() == Catch::Approx(before * 0.95 * 0.5));
}

TEST_CASE("an adapted limit stays between 1 and what is configured, also when that is lowered",
          "[manager][requests]") {
  request_limit limit(3);
  for (int i = 0; i < 100; ++i) limit.answered(outcome::job);
  CHECK(limit.adapted() == 3);
  limit.configure(2, true);
  CHECK(limit.used() == 2);
  for (int i = 0; i < 100; ++i) limit.answered(outcome::pushed_back);
  CHECK(limit.adapted() == 1);
  limit.configure(5, false);
  CHECK(limit.used() == 5);
}
