#pragma once

#include "config/keys.hpp"

namespace corunner::config {

// The sections of all tables; each stands with its keys in the source named after its header.

// autoscaler_keys.cpp
extern section const connector_settings_section;
extern section const scale_throttle_section;
extern section const vm_isolation_section;
extern section const state_storage_section;
extern section const autoscaler_settings_section;

// cache_keys.cpp
extern section const s3_cache_section;
extern section const gcs_cache_section;
extern section const azure_cache_section;
extern section const cache_settings_section;

// configuration_keys.cpp
extern section const session_server_section;
extern section const whole_section;

// custom_keys.cpp
extern section const custom_settings_section;

// docker_keys.cpp
extern section const docker_settings_section;

// experimental_keys.cpp
extern section const boot_verify_section;
extern section const experimental_settings_section;

// hypervisors_keys.cpp
extern section const ssh_settings_section;
extern section const parallels_settings_section;
extern section const virtualbox_settings_section;

// instance_keys.cpp
extern section const instance_settings_section;

// kubernetes_affinity_keys.cpp
extern section const selector_requirement_section;
extern section const node_selector_term_section;
extern section const node_selector_section;
extern section const preferred_scheduling_term_section;
extern section const node_affinity_section;
extern section const label_selector_section;
extern section const pod_affinity_term_section;
extern section const weighted_pod_affinity_term_section;
extern section const pod_affinity_section;
extern section const kubernetes_affinity_section;

// kubernetes_keys.cpp
extern section const kubernetes_settings_section;

// kubernetes_lifecycle_keys.cpp
extern section const exec_action_section;
extern section const http_header_section;
extern section const http_get_action_section;
extern section const tcp_socket_action_section;
extern section const lifecycle_handler_section;
extern section const container_lifecycle_section;

// kubernetes_pod_keys.cpp
extern section const host_alias_section;
extern section const dns_option_section;
extern section const dns_settings_section;
extern section const pod_spec_patch_section;
extern section const kubernetes_autoscaler_section;

// kubernetes_security_keys.cpp
extern section const security_profile_section;
extern section const container_capabilities_section;
extern section const pod_security_context_section;
extern section const container_security_context_section;

// kubernetes_volumes_keys.cpp
extern section const host_path_volume_section;
extern section const pvc_volume_section;
extern section const config_map_volume_section;
extern section const secret_volume_section;
extern section const empty_dir_volume_section;
extern section const csi_volume_section;
extern section const nfs_volume_section;
extern section const kubernetes_volumes_section;

// machine_keys.cpp
extern section const machine_period_section;
extern section const machine_settings_section;
extern section const shutdown_drain_section;
extern section const process_machine_settings_section;

// monitoring_keys.cpp
extern section const job_queuing_duration_section;
extern section const monitoring_settings_section;
extern section const metrics_referee_section;
extern section const referee_settings_section;

// runner_keys.cpp
extern section const custom_build_dir_section;
extern section const artifact_limits_section;
extern section const runner_entry_section;

// scaling_policy_keys.cpp
extern section const scaling_policy_section;

// service_keys.cpp
extern section const service_settings_section;

// usage_logger_keys.cpp
extern section const logrotate_writer_section;
extern section const snowplow_writer_section;
extern section const usage_logger_section;
extern section const process_experiments_section;

}  // namespace corunner::config
