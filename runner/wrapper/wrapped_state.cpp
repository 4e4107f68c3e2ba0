#include "runner/wrapper/wrapped_state.hpp"

#include <utility>

namespace corunner {

void wrapped_state::shutdown_begun(shutdown_callback callback) {
  if (!alive()) return;
  status_ = wrapped_status::in_shutdown;
  if (!callback.url.empty()) callback_ = std::move(callback);
}

void wrapped_state::ended(std::string why) {
  status_ = wrapped_status::stopped;
  failure_reason_ = std::move(why);
}

bool wrapped_state::alive() const {
  return status_ == wrapped_status::running || status_ == wrapped_status::in_shutdown;
}

std::optional<shutdown_callback> wrapped_state::take_callback() {
  if (status_ != wrapped_status::stopped) return std::nullopt;
  return std::exchange(callback_, std::nullopt);
}

}  // namespace corunner
