#pragma once

#include "runner/coordinator/storage/records.hpp"
#include "runner/coordinator/storage/runner_filter.hpp"

#include <string>

namespace corunner::coordinator {

struct context;

// How GitLab tells from the last contact how a runner is (runners-api.md 2.4).

inline constexpr std::int64_t online_window = 2 * 60 * 60 * 1000;         // milliseconds
inline constexpr std::int64_t stale_after = 7 * 24 * 60 * 60 * 1000LL;

// The value of `status`: the deprecated form that the REST API shows.
std::string rest_status(runner_record const& runner, milliseconds_since_epoch now);
// online, offline, stale, never_contacted by the time of the last contact.
std::string contact_status(maybe_time contacted_at, milliseconds_since_epoch created_at,
                           milliseconds_since_epoch now);
// Lists filter by conditions of their own, not by the above: adds that of `status` (one of the
// words above, active or paused) to what the filter holds already.
void restrict_to_status(runner_filter& filter, std::string const& status,
                        milliseconds_since_epoch now);
void restrict_to_active(runner_filter& filter, bool active);

// Managers that were silent for so long are forgotten, a bounded number at a time. When the next
// may be due.
maybe_time forget_stale_managers(context& in);

}  // namespace corunner::coordinator
