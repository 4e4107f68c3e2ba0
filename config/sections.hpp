#pragma once

#include "config/keys.hpp"

namespace corunner::config {

// The sections of the tables of a [[runners]] entry; each stands with its keys in the source named
// after its header.
extern section const cache_settings_section;
extern section const s3_cache_section;
extern section const gcs_cache_section;
extern section const azure_cache_section;
extern section const docker_settings_section;
extern section const docker_service_section;
extern section const ssh_settings_section;
extern section const parallels_settings_section;
extern section const virtualbox_settings_section;
extern section const machine_settings_section;
extern section const machine_period_section;
extern section const custom_settings_section;
extern section const experimental_settings_section;
extern section const boot_verify_section;
extern section const monitoring_settings_section;
extern section const job_queuing_duration_section;
extern section const referee_settings_section;
extern section const metrics_referee_section;
extern section const instance_settings_section;

}  // namespace corunner::config
