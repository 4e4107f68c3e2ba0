#include "runner/coordinator/runner_status.hpp"

#include "runner/coordinator/context.hpp"

#include <algorithm>

namespace corunner::coordinator {

std::string contact_status(maybe_time contacted_at, milliseconds_since_epoch created_at,
                           milliseconds_since_epoch now) {
  if (std::max(created_at, contacted_at.value_or(0)) <= now - stale_after) return "stale";
  if (!contacted_at) return "never_contacted";
  return *contacted_at > now - online_window ? "online" : "offline";
}

std::string rest_status(runner_record const& runner, milliseconds_since_epoch now) {
  auto const status = contact_status(runner.contacted_at, runner.created_at, now);
  if (status == "stale" || status == "never_contacted" || runner.active) return status;
  return "paused";
}

void restrict_to_active(runner_filter& filter, bool active) {
  if (filter.active && *filter.active != active) filter.nothing = true;
  filter.active = active;
}

void restrict_to_status(runner_filter& filter, std::string const& status,
                        milliseconds_since_epoch now) {
  if (status == "active" || status == "paused") {
    return restrict_to_active(filter, status == "active");
  }
  if (status == "never_contacted") filter.never_contacted = true;
  if (status == "online") filter.contacted_after = now - online_window;
  if (status == "offline") filter.contacted_until = now - online_window;
  if (status == "stale") filter.stale_since = now - stale_after;
}

maybe_time forget_stale_managers(context& in) {
  constexpr std::int64_t most = 1000;
  auto const now = in.now();
  auto& runners = in.data.runners;
  if (auto const oldest = runners.oldest_manager_contact();
      oldest && *oldest <= now - stale_after) {
    runners.remove_managers_before(now - stale_after, most);
  }
  auto const oldest = runners.oldest_manager_contact();
  if (!oldest) return std::nullopt;
  // Not at once for each: those that are due within the hour go together.
  return std::max(*oldest + stale_after, now) + 60 * 60 * 1000;
}

}  // namespace corunner::coordinator
