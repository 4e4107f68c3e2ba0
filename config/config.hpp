#pragma once

// What the user wrote in config.toml, as plain values. One struct per table; the keys of each
// table are declared once, in the table of descriptors next to it (keys.hpp), from which loading,
// saving and the flags of `register` follow.

#include "config/autoscaler.hpp"
#include "config/boxed.hpp"
#include "config/boxed_text.hpp"
#include "config/cache.hpp"
#include "config/custom.hpp"
#include "config/docker.hpp"
#include "config/document.hpp"
#include "config/duration.hpp"
#include "config/field_types.hpp"
#include "config/experimental.hpp"
#include "config/hypervisors.hpp"
#include "config/instance.hpp"
#include "config/kubernetes.hpp"
#include "config/machine.hpp"
#include "config/monitoring.hpp"
#include "config/secret.hpp"
#include "config/usage_logger.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::config {

// [runners.custom_build_dir]
struct custom_build_dir : open_table {
  std::optional<bool> enabled;  // jobs may set GIT_CLONE_PATH; unset: the executor decides
};

// [runners.artifact]
struct artifact_limits : open_table {
  std::optional<duration> upload_timeout;           // of a whole upload; unset: 1h
  std::optional<duration> response_header_timeout;  // after the body was sent; unset: 10m
};

// A value in the file with $VARIABLES, and what they were when it was loaded.
struct expansion {
  std::string written;
  std::string expanded;
};

// By the name of the key.
using expansion_map = boxed<std::map<std::string, expansion, std::less<>>>;

inline expansion const* find_expansion(expansion_map const& all, std::string_view key) {
  if (!all) return nullptr;
  auto const found = all->find(key);
  return found == all->end() ? nullptr : &found->second;
}

// One [[runners]] entry. A file may have thousands: what is small stands together, and what few
// have is boxed.
struct runner_entry : open_table {
  std::string name;
  std::int64_t limit = 0;                 // most jobs at once; 0: no limit
  std::int64_t output_limit = 0;          // KiB of job log; 0 or less: 4096
  std::int64_t request_concurrency = 0;   // most job requests in flight; 0 or less: 1
  std::int64_t unhealthy_requests_limit = 0;        // failures in a row before a pause; below 1: 3
  std::optional<duration> unhealthy_interval;       // the pause; unset: 1h
  std::int64_t job_status_final_update_retry_limit = 0;  // below 1: 10
  std::string url;                        // with environment variables expanded
  std::int64_t id = 0;
  secret token;                           // with environment variables expanded
  std::optional<timestamp> token_obtained_at;  // unset: 0001-01-01T00:00:00Z in the file
  std::optional<timestamp> token_expires_at;   // unset: never
  boxed_text tls_ca_file;
  boxed_text tls_cert_file;
  boxed_text tls_key_file;
  boxed<string_map> labels;
  std::string executor;
  std::string builds_dir;
  std::string cache_dir;
  boxed_text clone_url;
  std::vector<std::string> environment;   // KEY=VALUE
  boxed_text pre_get_sources_script;
  boxed_text post_get_sources_script;
  boxed_text pre_build_script;
  boxed_text post_build_script;
  std::optional<duration> prepare_timeout;      // unset or 0: the job's
  std::optional<duration> get_sources_timeout;  // unset or 0: the job's
  std::optional<bool> strict_check_interval;
  std::optional<bool> proxy_exec;
  std::optional<bool> mask_encoded_values;      // ours alone; unset: true
  std::optional<bool> safe_directory_checkout;  // unset: the executor decides
  std::optional<bool> clean_git_config;         // unset: the executor decides
  bool log_timeline = false;                    // ours alone
  bool debug_trace_disabled = false;
  bool use_slot_cgroups = false;
  std::string shell;
  boxed_text slot_cgroup_template;
  boxed_text step_runner_image;
  config::custom_build_dir custom_build_dir;
  boxed<experimental_settings> experimental;
  boxed<referee_settings> referees;
  boxed<cache_settings> cache;
  boxed<artifact_limits> artifact;
  boxed<flag_map> feature_flags;
  boxed<monitoring_settings> monitoring;
  boxed<instance_settings> instance;
  boxed<ssh_settings> ssh;
  boxed<docker_settings> docker;
  boxed<parallels_settings> parallels;
  boxed<virtualbox_settings> virtualbox;
  boxed<machine_settings> machine;
  boxed<kubernetes_settings> kubernetes;
  boxed<custom_settings> custom;
  boxed<autoscaler_settings> autoscaler;

  // What url and token looked like in the file, when they held variables: written back as it was
  // unless the value itself has changed since.
  expansion_map expansions;
};

// [session_server]
struct session_server : open_table {
  std::string listen_address;
  std::string advertise_address;
  std::int64_t session_timeout = 1800;
};

// The whole file.
struct configuration : open_table {
  std::string listen_address;
  std::int64_t concurrent = 1;
  std::int64_t check_interval = 0;        // seconds; 0 or less: 3
  std::optional<std::string> log_level;
  std::optional<std::string> log_format;
  std::string user;
  std::optional<std::string> sentry_dsn;
  std::optional<duration> connection_max_age;  // unset: 15m
  std::int64_t shutdown_timeout = 0;      // seconds; 0 or less: 30
  bool strict = false;                    // what `problem` tells of a file is an error; ours alone
  config::session_server session_server;
  string_map labels;
  std::vector<runner_entry> runners;
  std::optional<process_machine_settings> machine;
  std::optional<process_experiments> experimental;
};

}  // namespace corunner::config
