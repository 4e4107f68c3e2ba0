#pragma once

#include "config/duration.hpp"
#include "config/field_types.hpp"
#include "config/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::config {

// [[runners.machine.autoscaling]]
struct machine_period : open_table {
  std::vector<std::string> periods;
  std::string timezone;
  std::int64_t idle_count = 0;
  double idle_scale_factor = 0;
  std::int64_t idle_count_min = 0;
  std::int64_t idle_time = 0;

  bool operator==(machine_period const&) const = default;
};

// [runners.machine]
struct machine_settings : open_table {
  std::int64_t max_growth_rate = 0;
  std::int64_t idle_count = 0;
  double idle_scale_factor = 0;
  std::int64_t idle_count_min = 0;
  std::int64_t idle_time = 0;
  std::int64_t max_builds = 0;
  std::string machine_driver;
  std::string machine_name;
  std::vector<std::string> machine_options;
  std::vector<std::string> machine_options_with_name;
  std::int64_t max_removal_attempts = 0;
  std::vector<std::string> off_peak_periods;
  std::string off_peak_timezone;
  std::int64_t off_peak_idle_count = 0;
  std::int64_t off_peak_idle_time = 0;
  std::vector<machine_period> autoscaling;

  bool operator==(machine_settings const&) const = default;
};

// [machine.shutdown_drain]
struct shutdown_drain : open_table {
  bool enabled = false;
  std::int64_t concurrency = 0;
  std::int64_t max_retries = 0;
  duration retry_backoff;

  bool operator==(shutdown_drain const&) const = default;
};

// [machine]
struct process_machine_settings : open_table {
  std::optional<config::shutdown_drain> shutdown_drain;

  bool operator==(process_machine_settings const&) const = default;
};

}  // namespace corunner::config

