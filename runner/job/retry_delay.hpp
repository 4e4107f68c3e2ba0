#pragma once

#include <algorithm>
#include <chrono>
#include <iterator>

namespace corunner {

// How long to wait before the attempt of a stage that follows `failed` failed ones (1, 2, ...).
// No jitter: job logs of the reference show these times. job-lifecycle.md 6.1
constexpr std::chrono::seconds stage_retry_delay(int failed, bool exponential) {
  constexpr int doubling[] = {5, 10, 20, 40, 80, 160, 300};
  constexpr int modest[] = {1, 2, 4, 5};
  auto const pick = [failed](auto const& table) {
    auto const last = static_cast<int>(std::size(table)) - 1;
    return std::chrono::seconds(table[std::clamp(failed - 1, 0, last)]);
  };
  return exponential ? pick(doubling) : pick(modest);
}

}  // namespace corunner
