#pragma once

#include "net/time_source.hpp"

#include <cstdint>
#include <optional>

namespace corunner {

// Counts the rounds of a check interval in which something did not happen, without waking up for
// them.
class missed_rounds {
 public:
  using time_point = net::time_source::time_point;
  using duration = net::time_source::duration;

  // The first round that is missed, unless end() comes before it. Without effect while one stands.
  void begin(time_point first) {
    if (!since_) since_ = first;
  }
  void end(time_point now, duration interval) {
    total_ = count(now, interval);
    since_.reset();
  }
  std::uint64_t count(time_point now, duration interval) const {
    if (!since_ || now <= *since_) return total_;
    // One that falls on `now` is not missed yet.
    return total_ + 1 + static_cast<std::uint64_t>((now - *since_ - duration(1)) / interval);
  }

 private:
  std::optional<time_point> since_;
  std::uint64_t total_ = 0;
};

}  // namespace corunner
