#pragma once

#include "config/duration.hpp"
#include "config/field_types.hpp"
#include "config/kubernetes_affinity.hpp"
#include "config/kubernetes_lifecycle.hpp"
#include "config/kubernetes_pod.hpp"
#include "config/kubernetes_security.hpp"
#include "config/kubernetes_volumes.hpp"
#include "config/secret.hpp"
#include "config/service.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::config {

// [runners.kubernetes]
struct kubernetes_settings : open_table {
  std::string host;
  std::string context;
  std::string cert_file;
  std::string key_file;
  std::string ca_file;
  bool bearer_token_overwrite_allowed = false;
  secret bearer_token;
  std::string image;
  std::string pod_namespace;
  std::string namespace_overwrite_allowed;
  bool namespace_per_job = false;
  std::optional<bool> privileged;
  std::optional<std::string> runtime_class_name;
  std::optional<bool> allow_privilege_escalation;
  std::string cpu_limit;
  std::string cpu_limit_overwrite_max_allowed;
  std::string cpu_request;
  std::string cpu_request_overwrite_max_allowed;
  std::string memory_limit;
  std::string memory_limit_overwrite_max_allowed;
  std::string memory_request;
  std::string memory_request_overwrite_max_allowed;
  std::string ephemeral_storage_limit;
  std::string ephemeral_storage_limit_overwrite_max_allowed;
  std::string ephemeral_storage_request;
  std::string ephemeral_storage_request_overwrite_max_allowed;
  std::string service_cpu_limit;
  std::string service_cpu_limit_overwrite_max_allowed;
  std::string service_cpu_request;
  std::string service_cpu_request_overwrite_max_allowed;
  std::string service_memory_limit;
  std::string service_memory_limit_overwrite_max_allowed;
  std::string service_memory_request;
  std::string service_memory_request_overwrite_max_allowed;
  std::string service_ephemeral_storage_limit;
  std::string service_ephemeral_storage_limit_overwrite_max_allowed;
  std::string service_ephemeral_storage_request;
  std::string service_ephemeral_storage_request_overwrite_max_allowed;
  std::string helper_cpu_limit;
  std::string helper_cpu_limit_overwrite_max_allowed;
  std::string helper_cpu_request;
  std::string helper_cpu_request_overwrite_max_allowed;
  std::string helper_memory_limit;
  std::string helper_memory_limit_overwrite_max_allowed;
  std::string helper_memory_request;
  std::string helper_memory_request_overwrite_max_allowed;
  std::string helper_ephemeral_storage_limit;
  std::string helper_ephemeral_storage_limit_overwrite_max_allowed;
  std::string helper_ephemeral_storage_request;
  std::string helper_ephemeral_storage_request_overwrite_max_allowed;
  std::string pod_cpu_limit;
  std::string pod_cpu_limit_overwrite_max_allowed;
  std::string pod_cpu_request;
  std::string pod_cpu_request_overwrite_max_allowed;
  std::string pod_memory_limit;
  std::string pod_memory_limit_overwrite_max_allowed;
  std::string pod_memory_request;
  std::string pod_memory_request_overwrite_max_allowed;
  std::vector<std::string> allowed_images;
  std::vector<std::string> allowed_pull_policies;
  std::vector<std::string> allowed_services;
  std::vector<std::string> allowed_users;
  std::vector<std::string> allowed_groups;
  one_or_more pull_policy;
  string_map node_selector;
  std::string node_selector_overwrite_allowed;
  string_map node_tolerations;
  std::string node_tolerations_overwrite_allowed;
  kubernetes_affinity affinity;
  std::vector<std::string> image_pull_secrets;
  bool use_service_account_image_pull_secrets = false;
  std::string helper_image;
  std::string helper_image_flavor;
  bool helper_image_autoset_arch_and_os = false;
  std::optional<std::int64_t> pod_termination_grace_period_seconds;
  std::optional<std::int64_t> cleanup_grace_period_seconds;
  std::optional<duration> cleanup_resources_timeout;
  std::int64_t poll_interval = 0;
  std::int64_t poll_timeout = 0;
  std::int64_t resource_availability_check_max_attempts = 0;
  std::int64_t retry_limit = 0;
  std::int64_t retry_backoff_max = 0;
  number_map retry_limits;
  string_map pod_labels;
  std::string pod_labels_overwrite_allowed;
  std::string scheduler_name;
  std::string service_account;
  std::string service_account_overwrite_allowed;
  std::optional<bool> automount_service_account_token;
  string_map pod_annotations;
  std::string pod_annotations_overwrite_allowed;
  config::pod_security_context pod_security_context;
  container_security_context init_permissions_container_security_context;
  container_security_context build_container_security_context;
  container_security_context helper_container_security_context;
  container_security_context service_container_security_context;
  kubernetes_volumes volumes;
  std::vector<host_alias> host_aliases;
  std::vector<service_settings> services;
  std::vector<std::string> cap_add;
  std::vector<std::string> cap_drop;
  std::string suspend_pvc_size;
  std::string suspend_pvc_storage_class;
  std::string dns_policy;
  dns_settings dns_config;
  config::container_lifecycle container_lifecycle;
  std::string priority_class_name;
  std::vector<pod_spec_patch> pod_spec;
  std::string logs_base_dir;
  std::string scripts_base_dir;
  std::optional<bool> print_pod_warning_events;
  std::optional<bool> pod_disruption_budget;
  std::optional<kubernetes_autoscaler> autoscaler;

  bool operator==(kubernetes_settings const&) const = default;
};

}  // namespace corunner::config
