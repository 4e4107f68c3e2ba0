#pragma once

#include "config/duration.hpp"
#include "config/field_types.hpp"
#include "config/scaling_policy.hpp"
#include "config/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::config {

// [runners.autoscaler.connector_config]
struct connector_settings : open_table {
  std::string os;
  std::string arch;
  std::string protocol;
  std::int64_t protocol_port = 0;
  std::string username;
  secret password;
  std::string key_path;
  bool use_static_credentials = false;
  duration keepalive;
  duration timeout;
  bool use_external_addr = false;

  bool operator==(connector_settings const&) const = default;
};

// [runners.autoscaler.scale_throttle]
struct scale_throttle : open_table {
  std::int64_t limit = 0;
  std::int64_t burst = 0;

  bool operator==(scale_throttle const&) const = default;
};

// [runners.autoscaler.vm_isolation]
struct vm_isolation : open_table {
  bool enabled = false;
  std::string nesting_host;
  free_table nesting_config;
  std::string image;
  connector_settings connector_config;

  bool operator==(vm_isolation const&) const = default;
};

// [runners.autoscaler.state_storage]
struct state_storage : open_table {
  bool enabled = false;
  std::string dir;
  bool keep_instance_with_acquisitions = false;

  bool operator==(state_storage const&) const = default;
};

// [runners.autoscaler]
struct autoscaler_settings : open_table {
  std::int64_t capacity_per_instance = 0;
  std::int64_t max_use_count = 0;
  std::int64_t max_instances = 0;
  std::string plugin;
  free_table plugin_config;
  connector_settings connector_config;
  std::vector<scaling_policy> policy;
  std::string instance_ready_command;
  duration instance_acquire_timeout;
  duration update_interval;
  duration update_interval_when_expecting;
  duration deletion_retry_interval;
  duration shutdown_deletion_interval;
  std::int64_t shutdown_deletion_retries = 0;
  std::int64_t failure_threshold = 0;
  config::scale_throttle scale_throttle;
  std::optional<bool> reservation_throttling;
  bool log_internal_ip = false;
  bool log_external_ip = false;
  bool delete_instances_on_shutdown = false;
  config::vm_isolation vm_isolation;
  config::state_storage state_storage;
  std::vector<double> instance_operation_time_buckets;
  std::vector<double> instance_creation_time_buckets;
  std::vector<double> instance_is_running_time_buckets;
  std::vector<double> instance_deletion_time_buckets;
  std::vector<double> instance_readiness_time_buckets;
  std::vector<double> instance_life_duration_buckets;

  bool operator==(autoscaler_settings const&) const = default;
};

}  // namespace corunner::config
