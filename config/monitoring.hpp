#pragma once

#include "config/duration.hpp"
#include "config/field_types.hpp"
#include "config/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::config {

// [[runners.monitoring.job_queuing_durations]]
struct job_queuing_duration : open_table {
  std::vector<std::string> periods;
  std::string timezone;
  duration threshold;
  std::string jobs_running_for_project;

  bool operator==(job_queuing_duration const&) const = default;
};

// [runners.monitoring]
struct monitoring_settings : open_table {
  std::vector<job_queuing_duration> job_queuing_durations;

  bool operator==(monitoring_settings const&) const = default;
};

// [runners.referees.metrics]
struct metrics_referee : open_table {
  std::string prometheus_address;
  std::int64_t query_interval = 0;
  std::vector<std::string> queries;

  bool operator==(metrics_referee const&) const = default;
};

// [runners.referees]
struct referee_settings : open_table {
  std::optional<metrics_referee> metrics;

  bool operator==(referee_settings const&) const = default;
};

}  // namespace corunner::config
