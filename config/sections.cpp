#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;
constexpr auto always = writing::always;

constexpr std::array custom_build_dir_keys{
    value<&custom_build_dir::enabled>(
        "enabled", "Allow jobs to set GIT_CLONE_PATH",
        {"custom_build_dir-enabled", "CUSTOM_BUILD_DIR_ENABLED"}),
};
constexpr section custom_build_dir_section{custom_build_dir_keys, other<custom_build_dir>};

constexpr std::array artifact_keys{
    value<&artifact_limits::upload_timeout>("upload_timeout", "Limit of a whole artifact upload"),
    value<&artifact_limits::response_header_timeout>(
        "response_header_timeout", "Wait for the response header after an artifact was sent"),
};
constexpr section artifact_section{artifact_keys, other<artifact_limits>};

constexpr std::array session_server_keys{
    value<&session_server::listen_address>("listen_address",
                                           "Address the terminal server listens on"),
    value<&session_server::advertise_address>(
        "advertise_address", "Address under which GitLab reaches the terminal server"),
    value<&session_server::session_timeout>(
        "session_timeout", "Seconds an open terminal may keep a finished job alive", {"", "", always}),
};
constexpr section session_server_section{session_server_keys, other<session_server>};

constexpr std::array runner_keys{
    value<&runner_entry::name>("name", "Runner name", {"name, description", "RUNNER_NAME", always}),
    value<&runner_entry::limit>("limit", "Most jobs this entry runs at once; 0: no limit",
                                {"limit", "RUNNER_LIMIT"}),
    value<&runner_entry::output_limit>("output_limit", "Largest job log in KiB; 0: 4096",
                                       {"output-limit", "RUNNER_OUTPUT_LIMIT"}),
    value<&runner_entry::request_concurrency>(
        "request_concurrency", "Most job requests in flight",
        {"request-concurrency", "RUNNER_REQUEST_CONCURRENCY"}),
    value<&runner_entry::strict_check_interval>(
        "strict_check_interval", "Do not ask again at once after a job was received",
        {"strict-check-interval", "RUNNER_STRICT_CHECK_INTERVAL"}),
    value<&runner_entry::unhealthy_requests_limit>(
        "unhealthy_requests_limit", "Failed job requests in a row before this entry is paused",
        {"unhealthy-requests-limit", "RUNNER_UNHEALTHY_REQUESTS_LIMIT"}),
    value<&runner_entry::unhealthy_interval>(
        "unhealthy_interval", "How long an unhealthy entry is paused, like 1h30m",
        {"unhealthy-interval", ""}),
    value<&runner_entry::job_status_final_update_retry_limit>(
        "job_status_final_update_retry_limit", "Attempts to deliver the final state of a job",
        {"job-status-final-update-retry-limit", "RUNNER_job_status_final_update_retry_limit"}),
    optional_table<&runner_entry::experimental>("experimental", "Experimental features of this entry",
        experimental_settings_section),
    value<&runner_entry::url>("url", "GitLab instance URL",
                              {"u, url", "CI_SERVER_URL", always, true}),
    value<&runner_entry::id>("id", "Number given by GitLab", {"", "", always}),
    value<&runner_entry::token>("token", "Runner token", {"t, token", "CI_SERVER_TOKEN", always, true}),
    value<&runner_entry::token_obtained_at>("token_obtained_at", "When the token was issued",
                                            {"", "", always}),
    value<&runner_entry::token_expires_at>("token_expires_at", "When the token expires",
                                           {"", "", always}),
    value<&runner_entry::tls_ca_file>(
        "tls-ca-file", "PEM file with the certificates that GitLab's is checked against",
        {"tls-ca-file", "CI_SERVER_TLS_CA_FILE"}),
    value<&runner_entry::tls_cert_file>(
        "tls-cert-file", "PEM file with our client certificate",
        {"tls-cert-file", "CI_SERVER_TLS_CERT_FILE"}),
    value<&runner_entry::tls_key_file>(
        "tls-key-file", "PEM file with the client certificate's key",
        {"tls-key-file", "CI_SERVER_TLS_KEY_FILE"}),
    value<&runner_entry::labels>("labels", "Labels of this runner; they win over global ones"),
    value<&runner_entry::executor>("executor", "Executor: shell, docker, ...",
                                   {"executor", "RUNNER_EXECUTOR", always}),
    value<&runner_entry::builds_dir>("builds_dir", "Directory of the jobs' working copies",
                                     {"builds-dir", "RUNNER_BUILDS_DIR"}),
    value<&runner_entry::cache_dir>("cache_dir", "Directory of the local caches",
                                    {"cache-dir", "RUNNER_CACHE_DIR"}),
    value<&runner_entry::clone_url>("clone_url", "Base URL for git instead of the instance's",
                                    {"clone-url", "CLONE_URL"}),
    value<&runner_entry::environment>("environment", "KEY=VALUE added to every job",
                                      {"env", "RUNNER_ENV"}),
    value<&runner_entry::proxy_exec>("proxy_exec",
                                     "(Experimental) Run job commands through the helper",
                                     {"proxy-exec", "RUNNER_PROXY_EXEC"}),
    value<&runner_entry::pre_get_sources_script>(
        "pre_get_sources_script", "Commands to run before the sources are fetched",
        {"pre-get-sources-script", "RUNNER_PRE_GET_SOURCES_SCRIPT"}),
    value<&runner_entry::post_get_sources_script>(
        "post_get_sources_script", "Commands to run after the sources are fetched",
        {"post-get-sources-script", "RUNNER_POST_GET_SOURCES_SCRIPT"}),
    value<&runner_entry::pre_build_script>("pre_build_script",
                                           "Commands to run before the job's own",
                                           {"pre-build-script", "RUNNER_PRE_BUILD_SCRIPT"}),
    value<&runner_entry::post_build_script>("post_build_script",
                                            "Commands to run after the job's own",
                                            {"post-build-script", "RUNNER_POST_BUILD_SCRIPT"}),
    value<&runner_entry::prepare_timeout>(
        "prepare_timeout", "Limit of the prepare stage, like 30s; unset or 0: the job's",
        {"prepare-timeout", "RUNNER_PREPARE_TIMEOUT"}),
    value<&runner_entry::get_sources_timeout>(
        "get_sources_timeout", "Limit of the get_sources stage, like 30s; unset or 0: the job's",
        {"get-sources-timeout", "RUNNER_GET_SOURCES_TIMEOUT"}),
    value<&runner_entry::debug_trace_disabled>(
        "debug_trace_disabled", "Ignore CI_DEBUG_TRACE",
        {"debug-trace-disabled", "RUNNER_DEBUG_TRACE_DISABLED"}),
    value<&runner_entry::safe_directory_checkout>(
        "safe_directory_checkout", "Name the working copy in git's global safe.directory",
        {"safe-directory-checkout", "RUNNER_SAFE_DIRECTORY_CHECKOUT"}),
    value<&runner_entry::clean_git_config>(
        "clean_git_config", "Remove git's configuration and hooks before and after a job",
        {"clean-git-config", "RUNNER_CLEAN_GIT_CONFIG"}),
    value<&runner_entry::shell>("shell", "Select bash, sh, cmd, pwsh or powershell",
                                {"shell", "RUNNER_SHELL"}),
    table<&runner_entry::custom_build_dir>("custom_build_dir", "Where jobs may be built",
                                           custom_build_dir_section),
    optional_table<&runner_entry::referees>("referees", "Additional monitors of jobs",
        referee_settings_section),
    optional_table<&runner_entry::cache>("cache", "Shared caches",
        cache_settings_section),
    optional_table<&runner_entry::artifact>("artifact", "Limits of artifact uploads",
                                            artifact_section),
    value<&runner_entry::feature_flags>("feature_flags", "Feature flags, name:true or name:false",
                                        {"feature-flags", "FEATURE_FLAGS"}),
    optional_table<&runner_entry::monitoring>("monitoring", "Monitoring of this entry",
        monitoring_settings_section),
    value<&runner_entry::use_slot_cgroups>("use_slot_cgroups",
                                           "One cgroup per slot of an autoscaled executor",
                                           {"use-slot-cgroups", "RUNNER_USE_SLOT_CGROUPS"}),
    value<&runner_entry::slot_cgroup_template>(
        "slot_cgroup_template", "Name of a slot's cgroup; ${slot} is its number",
        {"slot-cgroup-template", "RUNNER_SLOT_CGROUP_TEMPLATE"}),
    optional_table<&runner_entry::instance>("instance", "The instance executor",
        instance_settings_section),
    optional_table<&runner_entry::ssh>("ssh", "The SSH connection",
        ssh_settings_section),
    optional_table<&runner_entry::docker>("docker", "The Docker executors",
        docker_settings_section),
    optional_table<&runner_entry::parallels>("parallels", "The Parallels executor",
        parallels_settings_section),
    optional_table<&runner_entry::virtualbox>("virtualbox", "The VirtualBox executor",
        virtualbox_settings_section),
    optional_table<&runner_entry::machine>("machine", "Scaling by Docker Machine",
        machine_settings_section),
    opaque("kubernetes", "The Kubernetes executor"),
    optional_table<&runner_entry::custom>("custom", "The custom executor",
        custom_settings_section),
    opaque("autoscaler", "Scaling by fleeting plugins"),
    value<&runner_entry::step_runner_image>("step_runner_image",
                                            "Image that holds the step runner",
                                            {"step-runner-image", "STEP_RUNNER_IMAGE"}),
};

std::map<std::string, expansion>& runner_expansions(void* from) {
  return static_cast<runner_entry*>(from)->expansions;
}

constexpr section runner_entry_section{runner_keys, other<runner_entry>, runner_expansions};

constexpr std::array configuration_keys{
    value<&configuration::listen_address>("listen_address",
                                          "Address of metrics, health and debug pages"),
    value<&configuration::concurrent>("concurrent", "Most jobs at once, over all entries",
                                      {"", "", always}),
    value<&configuration::check_interval>("check_interval",
                                          "Seconds of one polling round; 0: 3", {"", "", always}),
    value<&configuration::log_level>("log_level", "Least severe lines that are logged"),
    value<&configuration::log_format>("log_format", "Format of log lines: runner, text, json"),
    value<&configuration::user>("user", "Account that shell scripts run under"),
    value<&configuration::sentry_dsn>("sentry_dsn", "Where errors are reported to"),
    value<&configuration::connection_max_age>(
        "connection_max_age", "Age at which idle connections to GitLab are closed; 0: never"),
    value<&configuration::shutdown_timeout>("shutdown_timeout",
                                            "Seconds a forced shutdown may take; 0: 30",
                                            {"", "", always}),
    value<&configuration::strict>(
        "strict", "Refuse this file when a key in it is unknown or a value has no use; corunner only"),
    table<&configuration::session_server>("session_server", "Interactive web terminals",
                                          session_server_section, always),
    value<&configuration::labels>("labels", "Labels of all runners"),
    table_list<&configuration::runners>("runners", "One entry per registered runner",
                                        runner_entry_section),
    opaque("machine", "Settings of all Docker Machine executors"),
    opaque("experimental", "Experimental features of the process"),
};
constexpr section whole_section{configuration_keys, other<configuration>};

}  // namespace

section const& configuration_section() { return whole_section; }
section const& runner_section() { return runner_entry_section; }

}  // namespace corunner::config
