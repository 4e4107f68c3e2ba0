#pragma once

#include "net/time_source.hpp"

#include <chrono>
#include <optional>

namespace corunner {

// Decides whether an artifact command goes on although its tries are used up: what a job made must
// not be lost because GitLab was away for a while.
class outage {
 public:
  // `limit`: how long the server may be away; 0: the number of tries alone decides.
  outage(net::time_source& time, std::chrono::milliseconds limit) : time_(time), limit_(limit) {}

  // To be told of every try that failed. The pause before the next one, when it is worth making.
  std::optional<std::chrono::milliseconds> pause_after(bool server_away);

 private:
  net::time_source& time_;
  std::chrono::milliseconds limit_;
  std::optional<net::time_source::time_point> began_;
};

}  // namespace corunner
