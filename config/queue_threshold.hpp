#pragma once

#include "config/monitoring.hpp"
#include "config/time_zone.hpp"

#include <chrono>
#include <string_view>

namespace corunner::config {

// Whether a job waited longer at GitLab than [[runners.monitoring.job_queuing_durations]] finds
// acceptable: of the entries in whose periods `now` is the last one counts, for jobs whose number
// of running jobs of their project (as GitLab tells it) its expression matches. The entries must
// have passed the checks of loading. config.md 12.10
bool queued_too_long(monitoring_settings const& settings, std::chrono::duration<double> waited,
                     std::string_view project_jobs, std::chrono::system_clock::time_point now,
                     zone_files const& zones);

}  // namespace corunner::config
