#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array logrotate_writer_keys{
    value<&logrotate_writer::log_dir>("log_dir", "Directory of the record files",
        {.unset = "usage-log next to the config file"}),
    value<&logrotate_writer::max_backup_files>("max_backup_files", "Old files to keep",
        {.unset = "14 (unset, 0 or less)"}),
    value<&logrotate_writer::max_rotation_age>("max_rotation_age", "Age at which a new file starts",
        {.unset = "24h (unset, 0 or less)"}),
    value<&logrotate_writer::labels>("labels", "Extra labels on every record"),
};

constexpr std::array snowplow_writer_keys{
    value<&snowplow_writer::collector_uri>("collector_uri",
        "Collector address; empty disables the writer with an error log",
        {.unset = "none, required"}),
    value<&snowplow_writer::app_id>("app_id", "Application id", {.unset = "gitlab-runner"}),
    value<&snowplow_writer::category>("category", "Event category",
        {.unset = "runner_compute_usage"}),
    value<&snowplow_writer::realm>("realm", "SaaS, Dedicated or SM", {.unset = "SM"}),
    value<&snowplow_writer::deployment_type>("deployment_type", "Dedicated, .com or self-managed",
        {.unset = "self-managed"}),
    value<&snowplow_writer::metadata>("metadata", "Static metadata added to each event"),
    value<&snowplow_writer::enable_oidc>("enable_oidc", "Authenticate with a cloud identity token"),
    value<&snowplow_writer::batch_delivery_duration_buckets>("batch_delivery_duration_buckets",
        "Histogram buckets, seconds", {.unset = "0.1,0.5,1,2.5,5,10,30,60"}),
    value<&snowplow_writer::skip_oidc_if_unsupported_cloud>("skip_oidc_if_unsupported_cloud",
        "Send without a token outside AWS and GCP", {.unset = "true"}),
    value<&snowplow_writer::skip_runner_system_failure>("skip_runner_system_failure",
        "Drop records of jobs that failed as runner_system_failure", {.unset = "true"}),
};

constexpr std::array usage_logger_keys{
    value<&usage_logger::enabled>("enabled", "Write one record per finished job",
        {.write = writing::always}),
    value<&usage_logger::writers>("writers",
        "Writers: logrotate, snowplow_billing; unknown names are logged and skipped",
        {.unset = "[\"logrotate\"]"}),
    table<&usage_logger::logrotate>("logrotate", "File writer", logrotate_writer_section),
    table<&usage_logger::snowplow_billing>("snowplow_billing", "Billing event writer",
        snowplow_writer_section),
    value<&usage_logger::log_dir>("log_dir", "Replaced by logrotate.log_dir", {.deprecated = true}),
    value<&usage_logger::max_backup_files>("max_backup_files",
        "Replaced by logrotate.max_backup_files", {.deprecated = true}),
    value<&usage_logger::max_rotation_age>("max_rotation_age",
        "Replaced by logrotate.max_rotation_age", {.deprecated = true}),
    value<&usage_logger::labels>("labels", "Replaced by logrotate.labels", {.deprecated = true}),
};

constexpr std::array process_experiments_keys{
    table<&process_experiments::usage_logger>("usage_logger", "Usage records", usage_logger_section,
        {.unset = "disabled", .write = writing::always}),
};

}  // namespace

constinit section const logrotate_writer_section{logrotate_writer_keys};
constinit section const snowplow_writer_section{snowplow_writer_keys};
constinit section const usage_logger_section{usage_logger_keys};
constinit section const process_experiments_section{process_experiments_keys};

}  // namespace corunner::config
