#include "config/choices.hpp"
#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array custom_build_dir_keys{
    value<&custom_build_dir::enabled>(
        "enabled", "Allow jobs to set GIT_CLONE_PATH",
        {.flag = "custom_build_dir-enabled",
         .variable = "CUSTOM_BUILD_DIR_ENABLED",
         .unset =
             "true for docker* and kubernetes, else false (documentation also says instance)"}),
};

constexpr std::array artifact_limits_keys{
    value<&artifact_limits::upload_timeout>("upload_timeout", "Limit of a whole artifact upload",
        {.unset = "1h"}),
    value<&artifact_limits::response_header_timeout>("response_header_timeout",
        "Wait for the response header after an artifact was sent", {.unset = "10m"}),
};

constexpr std::array runner_entry_keys{
    value<&runner_entry::name>("name", "Runner name",
        {.flag = "name, description", .variable = "RUNNER_NAME", .unset = "host name at register",
         .write = writing::always}),
    value<&runner_entry::limit>("limit", "Most jobs this entry runs at once; 0: no limit",
        {.flag = "limit", .variable = "RUNNER_LIMIT", .unset = "none"}),
    value<&runner_entry::output_limit>("output_limit", "Largest job log in KiB; 0: 4096",
        {.flag = "output-limit", .variable = "RUNNER_OUTPUT_LIMIT", .unset = "4096 (when 0)"}),
    value<&runner_entry::request_concurrency>("request_concurrency", "Most job requests in flight",
        {.flag = "request-concurrency", .variable = "RUNNER_REQUEST_CONCURRENCY",
         .unset = "1 (0 or less)"}),
    value<&runner_entry::strict_check_interval>("strict_check_interval",
        "Do not ask again at once after a job was received",
        {.flag = "strict-check-interval", .variable = "RUNNER_STRICT_CHECK_INTERVAL",
         .unset = "false"}),
    value<&runner_entry::unhealthy_requests_limit>("unhealthy_requests_limit",
        "Failed job requests in a row before this entry is paused",
        {.flag = "unhealthy-requests-limit", .variable = "RUNNER_UNHEALTHY_REQUESTS_LIMIT",
         .unset = "3 (below 1)"}),
    value<&runner_entry::unhealthy_interval>("unhealthy_interval",
        "How long an unhealthy entry is paused, like 1h30m",
        {.flag = "unhealthy-interval", .unset = "1h"}),
    value<&runner_entry::job_status_final_update_retry_limit>("job_status_final_update_retry_limit",
        "Attempts to deliver the final state of a job",
        {.flag = "job-status-final-update-retry-limit",
         .variable = "RUNNER_job_status_final_update_retry_limit", .unset = "10 (below 1)"}),
    optional_table<&runner_entry::experimental>("experimental",
        "Experimental features of this entry", experimental_settings_section),
    value<&runner_entry::url>("url", "GitLab instance URL",
        {.flag = "u, url", .variable = "CI_SERVER_URL", .unset = "none, required",
         .write = writing::always, .expands = true}),
    value<&runner_entry::id>("id", "Number given by GitLab", {.write = writing::always}),
    value<&runner_entry::token>("token", "Runner token",
        {.flag = "t, token", .variable = "CI_SERVER_TOKEN", .unset = "none, required",
         .write = writing::always, .expands = true}),
    value<&runner_entry::token_obtained_at>("token_obtained_at", "When the token was issued",
        {.write = writing::always}),
    value<&runner_entry::token_expires_at>("token_expires_at", "When the token expires",
        {.unset = "never", .write = writing::always}),
    value<&runner_entry::tls_ca_file>("tls-ca-file",
        "PEM file with the certificates that GitLab's is checked against",
        {"tls-ca-file", "CI_SERVER_TLS_CA_FILE"}),
    value<&runner_entry::tls_cert_file>("tls-cert-file", "PEM file with our client certificate",
        {"tls-cert-file", "CI_SERVER_TLS_CERT_FILE"}),
    value<&runner_entry::tls_key_file>("tls-key-file", "PEM file with the client certificate's key",
        {"tls-key-file", "CI_SERVER_TLS_KEY_FILE"}),
    value<&runner_entry::labels>("labels", "Labels of this runner; they win over global ones"),
    value<&runner_entry::executor>("executor", "Executor: shell, docker, ...",
        {.flag = "executor", .variable = "RUNNER_EXECUTOR", .unset = "none, required",
         .write = writing::always, .choices = executor_choices}),
    value<&runner_entry::builds_dir>("builds_dir", "Directory of the jobs' working copies",
        {.flag = "builds-dir", .variable = "RUNNER_BUILDS_DIR", .unset = "executor specific"}),
    value<&runner_entry::cache_dir>("cache_dir", "Directory of the local caches",
        {.flag = "cache-dir", .variable = "RUNNER_CACHE_DIR", .unset = "executor specific"}),
    value<&runner_entry::clone_url>("clone_url", "Base URL for git instead of the instance's",
        {"clone-url", "CLONE_URL"}),
    value<&runner_entry::environment>("environment", "KEY=VALUE added to every job",
        {.flag = "env", .variable = "RUNNER_ENV", .confidential = true}),
    value<&runner_entry::proxy_exec>("proxy_exec",
        "(Experimental) Run job commands through the helper",
        {.flag = "proxy-exec", .variable = "RUNNER_PROXY_EXEC", .unset = "false"}),
    value<&runner_entry::pre_get_sources_script>("pre_get_sources_script",
        "Commands to run before the sources are fetched",
        {"pre-get-sources-script", "RUNNER_PRE_GET_SOURCES_SCRIPT"}),
    value<&runner_entry::post_get_sources_script>("post_get_sources_script",
        "Commands to run after the sources are fetched",
        {"post-get-sources-script", "RUNNER_POST_GET_SOURCES_SCRIPT"}),
    value<&runner_entry::pre_build_script>("pre_build_script",
        "Commands to run before the job's own", {"pre-build-script", "RUNNER_PRE_BUILD_SCRIPT"}),
    value<&runner_entry::post_build_script>("post_build_script",
        "Commands to run after the job's own", {"post-build-script", "RUNNER_POST_BUILD_SCRIPT"}),
    value<&runner_entry::prepare_timeout>("prepare_timeout",
        "Limit of the prepare stage, like 30s; unset or 0: the job's",
        {.flag = "prepare-timeout", .variable = "RUNNER_PREPARE_TIMEOUT", .unset = "job timeout"}),
    value<&runner_entry::get_sources_timeout>("get_sources_timeout",
        "Limit of the get_sources stage, like 30s; unset or 0: the job's",
        {.flag = "get-sources-timeout", .variable = "RUNNER_GET_SOURCES_TIMEOUT",
         .unset = "job timeout"}),
    value<&runner_entry::debug_trace_disabled>("debug_trace_disabled", "Ignore CI_DEBUG_TRACE",
        {"debug-trace-disabled", "RUNNER_DEBUG_TRACE_DISABLED"}),
    value<&runner_entry::mask_encoded_values>("mask_encoded_values",
        "Hide base64, URL, JSON and shell forms and single lines of masked values, too",
        {.unset = "true"}),
    value<&runner_entry::log_timeline>("log_timeline",
        "End each job's log with how long its parts took", {.unset = "false"}),
    value<&runner_entry::safe_directory_checkout>("safe_directory_checkout",
        "Name the working copy in git's global safe.directory",
        {.flag = "safe-directory-checkout", .variable = "RUNNER_SAFE_DIRECTORY_CHECKOUT",
         .unset = "true for docker*, kubernetes, parallels, virtualbox, else false"}),
    value<&runner_entry::clean_git_config>("clean_git_config",
        "Remove git's configuration and hooks before and after a job",
        {.flag = "clean-git-config", .variable = "RUNNER_CLEAN_GIT_CONFIG",
         .unset = "true; false for shell executor or strategy none"}),
    value<&runner_entry::shell>("shell", "Select bash, sh, cmd, pwsh or powershell",
        {.flag = "shell", .variable = "RUNNER_SHELL", .unset = "platform default",
         .choices = shell_choices}),
    table<&runner_entry::custom_build_dir>("custom_build_dir", "Where jobs may be built",
        custom_build_dir_section),
    optional_table<&runner_entry::referees>("referees", "Additional monitors of jobs",
        referee_settings_section),
    optional_table<&runner_entry::cache>("cache", "Shared caches", cache_settings_section),
    optional_table<&runner_entry::artifact>("artifact", "Limits of artifact uploads",
        artifact_limits_section),
    value<&runner_entry::feature_flags>("feature_flags", "Feature flags, name:true or name:false",
        {"feature-flags", "FEATURE_FLAGS"}),
    optional_table<&runner_entry::monitoring>("monitoring", "Monitoring of this entry",
        monitoring_settings_section),
    value<&runner_entry::use_slot_cgroups>("use_slot_cgroups",
        "One cgroup per slot of an autoscaled executor",
        {"use-slot-cgroups", "RUNNER_USE_SLOT_CGROUPS"}),
    value<&runner_entry::slot_cgroup_template>("slot_cgroup_template",
        "Name of a slot's cgroup; ${slot} is its number",
        {.flag = "slot-cgroup-template", .variable = "RUNNER_SLOT_CGROUP_TEMPLATE",
         .unset = "gitlab-runner/slot-${slot}"}),
    optional_table<&runner_entry::instance>("instance", "The instance executor",
        instance_settings_section),
    optional_table<&runner_entry::ssh>("ssh", "The SSH connection", ssh_settings_section),
    optional_table<&runner_entry::docker>("docker", "The Docker executors",
        docker_settings_section),
    optional_table<&runner_entry::parallels>("parallels", "The Parallels executor",
        parallels_settings_section),
    optional_table<&runner_entry::virtualbox>("virtualbox", "The VirtualBox executor",
        virtualbox_settings_section),
    optional_table<&runner_entry::machine>("machine", "Scaling by Docker Machine",
        machine_settings_section, {.deprecated = true}),
    optional_table<&runner_entry::kubernetes>("kubernetes", "Kubernetes executor",
        kubernetes_settings_section),
    optional_table<&runner_entry::custom>("custom", "The custom executor", custom_settings_section),
    optional_table<&runner_entry::autoscaler>("autoscaler", "Fleeting based scaling",
        autoscaler_settings_section),
    value<&runner_entry::step_runner_image>("step_runner_image", "Image that holds the step runner",
        {.flag = "step-runner-image", .variable = "STEP_RUNNER_IMAGE", .unset = "built-in image"}),
};

expansion_map& runner_expansions(open_table* from) {
  return static_cast<runner_entry*>(from)->expansions;
}

}  // namespace

constinit section const custom_build_dir_section{custom_build_dir_keys};
constinit section const artifact_limits_section{artifact_limits_keys};
constinit section const runner_entry_section{runner_entry_keys, runner_expansions};

section const& runner_section() { return runner_entry_section; }

}  // namespace corunner::config
