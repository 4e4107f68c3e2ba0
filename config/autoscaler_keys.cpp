#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array connector_settings_keys{
    value<&connector_settings::os>("os", "Operating system of the instance",
        {.unset = "from plugin"}),
    value<&connector_settings::arch>("arch", "Architecture of the instance",
        {.unset = "from plugin"}),
    value<&connector_settings::protocol>("protocol", "Ssh, winrm or winrm+https",
        {.unset = "from plugin; ssh, winrm for Windows"}),
    value<&connector_settings::protocol_port>("protocol_port", "Port",
        {.unset = "22, 5985 or 5986 by protocol", .write = writing::always}),
    value<&connector_settings::username>("username", "Login name", {.unset = "from plugin"}),
    value<&connector_settings::password>("password", "Password", {.unset = "from plugin"}),
    value<&connector_settings::key_path>("key_path", "Private key file"),
    value<&connector_settings::use_static_credentials>("use_static_credentials",
        "Do not provision credentials dynamically"),
    value<&connector_settings::keepalive>("keepalive", "Connection keep-alive",
        {.unset = "library default", .write = writing::always}),
    value<&connector_settings::timeout>("timeout", "Connection timeout",
        {.unset = "library default", .write = writing::always}),
    value<&connector_settings::use_external_addr>("use_external_addr",
        "Prefer the external address"),
};

constexpr std::array scale_throttle_keys{
    value<&scale_throttle::limit>("limit", "Instances created per second",
        {.unset = "100 per second (when 0); -1 = infinite", .write = writing::always}),
    value<&scale_throttle::burst>("burst", "Size of the token bucket",
        {.unset = "max_instances, else limit", .write = writing::always}),
};

constexpr std::array vm_isolation_keys{
    value<&vm_isolation::enabled>("enabled", "Run each job in a nested VM"),
    value<&vm_isolation::nesting_host>("nesting_host", "Address of the nesting daemon"),
    value<&vm_isolation::nesting_config>("nesting_config", "Free table sent to the daemon as JSON",
        {.confidential = true}),
    value<&vm_isolation::image>("image", "Default VM image"),
    table<&vm_isolation::connector_config>("connector_config", "How to reach the nested VM",
        connector_settings_section),
};

constexpr std::array state_storage_keys{
    value<&state_storage::enabled>("enabled", "Keep state across restarts"),
    value<&state_storage::dir>("dir", "Directory; one sub-directory per runner",
        {.unset = ".taskscaler next to the config file"}),
    value<&state_storage::keep_instance_with_acquisitions>("keep_instance_with_acquisitions",
        "Keep instances that had a running job"),
};

constexpr std::array autoscaler_settings_keys{
    value<&autoscaler_settings::capacity_per_instance>("capacity_per_instance",
        "Jobs one instance runs at once",
        {.unset = "1 (when 0; unconfirmed, set by the scaler)", .write = writing::always}),
    value<&autoscaler_settings::max_use_count>("max_use_count",
        "Jobs before an instance is retired", {.unset = "none", .write = writing::always}),
    value<&autoscaler_settings::max_instances>("max_instances", "Most instances in any state",
        {.unset = "none", .write = writing::always}),
    value<&autoscaler_settings::plugin>("plugin",
        "Fleeting plugin: name, name:constraint or full registry path",
        {.unset = "none, required"}),
    value<&autoscaler_settings::plugin_config>("plugin_config",
        "Free table passed to the plugin as JSON", {.confidential = true}),
    table<&autoscaler_settings::connector_config>("connector_config", "How to reach instances",
        connector_settings_section),
    table_list<&autoscaler_settings::policy>("policy",
        "Scaling policies; the last one in period wins", scaling_policy_section),
    value<&autoscaler_settings::instance_ready_command>("instance_ready_command",
        "Command run on a new instance; failure removes it"),
    value<&autoscaler_settings::instance_acquire_timeout>("instance_acquire_timeout",
        "Wait for an instance", {.unset = "15m (0 or less)", .write = writing::always}),
    value<&autoscaler_settings::update_interval>("update_interval", "Plugin polling interval",
        {.unset = "1m (when 0)", .write = writing::always}),
    value<&autoscaler_settings::update_interval_when_expecting>("update_interval_when_expecting",
        "Plugin polling interval while a change is expected",
        {.unset = "2s (when 0)", .write = writing::always}),
    value<&autoscaler_settings::deletion_retry_interval>("deletion_retry_interval",
        "Wait before a deletion without effect is repeated",
        {.unset = "1m (when 0)", .write = writing::always}),
    value<&autoscaler_settings::shutdown_deletion_interval>("shutdown_deletion_interval",
        "Wait between removal and check at shutdown",
        {.unset = "10s (when 0)", .write = writing::always}),
    value<&autoscaler_settings::shutdown_deletion_retries>("shutdown_deletion_retries",
        "Attempts to delete at shutdown", {.unset = "3 (when 0)", .write = writing::always}),
    value<&autoscaler_settings::failure_threshold>("failure_threshold",
        "Failed health checks before an instance is replaced",
        {.unset = "3 (when 0)", .write = writing::always}),
    table<&autoscaler_settings::scale_throttle>("scale_throttle", "Rate limit of instance creation",
        scale_throttle_section),
    value<&autoscaler_settings::reservation_throttling>("reservation_throttling",
        "Reserve no more than the scaler can serve", {.unset = "true"}),
    value<&autoscaler_settings::log_internal_ip>("log_internal_ip",
        "Print the instance's internal address in the job log"),
    value<&autoscaler_settings::log_external_ip>("log_external_ip",
        "Print the instance's external address in the job log"),
    value<&autoscaler_settings::delete_instances_on_shutdown>("delete_instances_on_shutdown",
        "Remove all instances at shutdown"),
    table<&autoscaler_settings::vm_isolation>("vm_isolation", "Nested VMs per job",
        vm_isolation_section),
    table<&autoscaler_settings::state_storage>("state_storage", "Keep instance state on disk",
        state_storage_section),
    value<&autoscaler_settings::instance_operation_time_buckets>("instance_operation_time_buckets",
        "Fallback buckets of the four operation histograms", {.unset = "built-in"}),
    value<&autoscaler_settings::instance_creation_time_buckets>("instance_creation_time_buckets",
        "Histogram buckets, seconds", {.unset = "instance_operation_time_buckets"}),
    value<&autoscaler_settings::instance_is_running_time_buckets>(
        "instance_is_running_time_buckets", "Histogram buckets, seconds",
        {.unset = "instance_operation_time_buckets"}),
    value<&autoscaler_settings::instance_deletion_time_buckets>("instance_deletion_time_buckets",
        "Histogram buckets, seconds", {.unset = "instance_operation_time_buckets"}),
    value<&autoscaler_settings::instance_readiness_time_buckets>("instance_readiness_time_buckets",
        "Histogram buckets, seconds", {.unset = "instance_operation_time_buckets"}),
    value<&autoscaler_settings::instance_life_duration_buckets>("instance_life_duration_buckets",
        "Histogram buckets, seconds", {.unset = "built-in"}),
};

}  // namespace

constinit section const connector_settings_section{connector_settings_keys};
constinit section const scale_throttle_section{scale_throttle_keys};
constinit section const vm_isolation_section{vm_isolation_keys};
constinit section const state_storage_section{state_storage_keys};
constinit section const autoscaler_settings_section{autoscaler_settings_keys};

}  // namespace corunner::config
