#include "net/back_off.hpp"

#include <algorithm>
#include <cmath>

namespace corunner::net {

back_off::back_off(options how, std::uint64_t seed) : how_(how), random_(seed) {}

back_off::duration back_off::next() {
  auto const low = static_cast<double>(how_.low.count());
  auto const high = static_cast<double>(how_.high.count());
  auto const grown = low * std::pow(how_.factor, attempt_);
  auto const top = std::min(grown, high);
  ++attempt_;
  if (!how_.jitter || top <= low) return duration(static_cast<duration::rep>(top));
  std::uniform_real_distribution<double> between(low, top);
  return duration(static_cast<duration::rep>(between(random_)));
}

}  // namespace corunner::net
