#include "runner/coordinator/faults.hpp"

namespace corunner::coordinator {

namespace {

bool fits(fault const& what, fault_subject const& request) {
  return (what.endpoint == "*" || what.endpoint == request.endpoint) &&
         (what.state.empty() || what.state == request.state) &&
         (what.job == 0 || what.job == request.job) &&
         (what.token.empty() || what.token == request.token);
}

// Takes one of its turns, if there is one.
bool has_turn(fault_plan::entry& at, fault_plan::time_point now) {
  if (at.what.lasting.count() > 0) {
    if (!at.end) at.end = now + at.what.lasting;
    return now < *at.end;
  }
  if (at.what.times == 0) return false;
  if (at.what.times > 0) --at.what.times;
  return true;
}

}  // namespace

std::optional<fault> fault_plan::take(fault_subject const& request, time_point now) {
  for (auto& at : entries_) {
    if (!fits(at.what, request)) continue;
    if (at.what.skip > 0) {
      --at.what.skip;
      return std::nullopt;
    }
    if (has_turn(at, now)) {
      ++at.turns;
      return at.what;
    }
    ++at.later;
  }
  return std::nullopt;
}

}  // namespace corunner::coordinator
