#include "config/queue_threshold.hpp"

#include "config/cron.hpp"

#include <re2/re2.h>

#include <ranges>

namespace corunner::config {

bool queued_too_long(monitoring_settings const& settings, std::chrono::duration<double> waited,
                     std::string_view project_jobs, std::chrono::system_clock::time_point now,
                     zone_files const& zones) {
  for (auto const& entry : std::views::reverse(settings.job_queuing_durations)) {
    auto const when = time_periods::compile(entry.periods, entry.timezone, cron_dialect::seconds,
                                            zones);
    if (!when || !when->contains(now)) continue;
    if (entry.threshold <= duration::zero() || waited <= entry.threshold) return false;
    if (entry.jobs_running_for_project.empty()) return true;
    re2::RE2 const expression(entry.jobs_running_for_project, re2::RE2::Quiet);
    return re2::RE2::PartialMatch({project_jobs.data(), project_jobs.size()}, expression);
  }
  return false;
}

}  // namespace corunner::config
