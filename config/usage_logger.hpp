#pragma once

#include "config/duration.hpp"
#include "config/field_types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::config {

// [experimental.usage_logger.logrotate]
struct logrotate_writer : open_table {
  std::string log_dir;
  std::optional<std::int64_t> max_backup_files;
  std::optional<duration> max_rotation_age;
  string_map labels;

  bool operator==(logrotate_writer const&) const = default;
};

// [experimental.usage_logger.snowplow_billing]
struct snowplow_writer : open_table {
  std::string collector_uri;
  std::string app_id;
  std::string category;
  std::string realm;
  std::string deployment_type;
  string_map metadata;
  bool enable_oidc = false;
  std::vector<double> batch_delivery_duration_buckets;
  std::optional<bool> skip_oidc_if_unsupported_cloud;
  std::optional<bool> skip_runner_system_failure;

  bool operator==(snowplow_writer const&) const = default;
};

// [experimental.usage_logger]
struct usage_logger : open_table {
  bool enabled = false;
  std::vector<std::string> writers;
  logrotate_writer logrotate;
  snowplow_writer snowplow_billing;
  std::string log_dir;
  std::optional<std::int64_t> max_backup_files;
  std::optional<duration> max_rotation_age;
  string_map labels;

  bool operator==(usage_logger const&) const = default;
};

// [experimental]
struct process_experiments : open_table {
  config::usage_logger usage_logger;

  bool operator==(process_experiments const&) const = default;
};

}  // namespace corunner::config
