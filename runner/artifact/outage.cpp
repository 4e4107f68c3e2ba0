#include "runner/artifact/outage.hpp"

namespace corunner {

constexpr std::chrono::seconds pause_in_outage{5};

std::optional<std::chrono::milliseconds> outage::pause_after(bool server_away) {
  if (!server_away) {
    began_.reset();
    return std::nullopt;
  }
  auto const now = time_.now();
  if (!began_) began_ = now;
  if (now - *began_ >= limit_) return std::nullopt;
  return pause_in_outage;
}

}  // namespace corunner
