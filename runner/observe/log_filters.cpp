#include "runner/observe/log_filters.hpp"

namespace corunner {

std::optional<std::string> log_filters::filtered(std::string_view text) const {
  std::optional<std::string> changed;
  for (auto const& [number, hide] : filters_) {
    if (auto now = hide(changed ? *changed : text)) changed = std::move(now);
  }
  return changed;
}

}  // namespace corunner
