#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace corunner {

// How often values fell below which bounds, and their sum. Takes memory for its counts with the
// first value only. `bounds` ascend, without +Inf, and must outlive the histogram.
class histogram {
 public:
  explicit histogram(std::span<double const> bounds) : bounds_(bounds) {}

  // A value that is a bound counts below it.
  void observe(double value);

  std::span<double const> bounds() const { return bounds_; }
  // Values up to each bound, as a scraper wants them; the last one is that of +Inf: all values.
  std::vector<std::uint64_t> cumulated() const;
  double sum() const { return sum_; }

 private:
  std::span<double const> bounds_;
  std::vector<std::uint64_t> counts_;  // of each bound alone; one more for what is above
  double sum_ = 0;
};

}  // namespace corunner
