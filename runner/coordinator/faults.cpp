#include "runner/coordinator/faults.hpp"

namespace corunner::coordinator {

std::optional<fault> fault_plan::take(std::string_view endpoint, std::string_view state) {
  for (auto place = faults_.begin(); place != faults_.end(); ++place) {
    if (place->endpoint != "*" && place->endpoint != endpoint) continue;
    if (!place->state.empty() && place->state != state) continue;
    if (place->skip > 0) {
      --place->skip;
      return std::nullopt;
    }
    fault const chosen = *place;
    if (place->times > 0 && --place->times == 0) faults_.erase(place);
    return chosen;
  }
  return std::nullopt;
}

}  // namespace corunner::coordinator
