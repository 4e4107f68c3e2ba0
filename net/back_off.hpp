#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace corunner::net {

// How long to wait before the next attempt: doubling, capped, with jitter.
//
// The n-th wait (from 0) is uniform between `low` and min(low * factor^n, high). With jitter off it
// is the upper end. Pure logic; the caller sleeps.
class back_off {
 public:
  using duration = std::chrono::milliseconds;
  struct options {
    duration low{100};
    duration high{60'000};
    double factor = 2.0;
    bool jitter = true;
  };

  explicit back_off(options how, std::uint64_t seed = std::random_device{}());

  duration next();
  void reset() { attempt_ = 0; }
  unsigned attempts() const { return attempt_; }

 private:
  options how_;
  std::mt19937_64 random_;
  unsigned attempt_ = 0;
};

}  // namespace corunner::net
