#include "runner/manager/request_limit.hpp"

#include <algorithm>
#include <cmath>

namespace corunner {

void request_limit::configure(unsigned hard, bool adaptive) {
  hard_ = std::max(hard, 1u);
  adaptive_ = adaptive;
  adapted_ = adaptive ? std::min(adapted_, static_cast<double>(hard_)) : 0;
}

void request_limit::answered(outcome what) {
  if (!adaptive_) return;
  constexpr double after_job = 1.1;
  constexpr double after_nothing = 0.95;
  constexpr double after_push_back = 0.5;
  double const factor = what == outcome::job       ? after_job
                        : what == outcome::nothing ? after_nothing
                                                   : after_push_back;
  adapted_ = std::clamp(adapted_ * factor, 1.0, static_cast<double>(hard_));
}

unsigned request_limit::used() const {
  if (!adaptive_) return hard_;
  return std::clamp(static_cast<unsigned>(std::ceil(adapted_)), 1u, hard_);
}

}  // namespace corunner
