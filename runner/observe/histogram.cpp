#include "runner/observe/histogram.hpp"

#include <algorithm>
#include <numeric>

namespace corunner {

void histogram::observe(double value) {
  counts_.resize(bounds_.size() + 1);
  auto const place = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
  ++counts_[static_cast<std::size_t>(place)];
  sum_ += value;
}

std::vector<std::uint64_t> histogram::cumulated() const {
  auto out = counts_;
  out.resize(bounds_.size() + 1);
  std::partial_sum(out.begin(), out.end(), out.begin());
  return out;
}

}  // namespace corunner
