#include "runner/job/assemble_variables.hpp"

#include "runner/gitlab/runner_info.hpp"
#include "runner/gitlab/short_token.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace corunner {
namespace {

constexpr std::int64_t default_timeout_seconds = 7200;
constexpr std::string_view status_name = "CI_JOB_STATUS";

bool is_flag_name(std::string_view name) {
  return std::ranges::find(all_feature_flags(), name, &feature_flag::name) !=
         all_feature_flags().end();
}

std::string temporary_directory(variable_sources const& sources) {
  if (!sources.directories) return {};
  std::filesystem::path const path = sources.directories->temporary();
  // A configured relative builds_dir is below our working directory.
  if (path.is_absolute() || !sources.traits.default_dirs_here) return path.string();
  return (sources.input.working_directory / path).lexically_normal().string();
}

void add_flags(job_variables& to, variable_sources const& sources) {
  if (!sources.flags) return;
  for (auto const& flag : all_feature_flags()) {
    to.add(std::string(flag.name), (*sources.flags)[flag.name] ? "true" : "false");
  }
}

void add_environment(job_variables& to, variable_sources const& sources) {
  for (auto const& entry : sources.input.runner->environment) {
    auto const equals = entry.find('=');
    if (equals == std::string::npos) continue;
    to.add(entry.substr(0, equals), entry.substr(equals + 1));
  }
}

void add_tls_file(job_variables& to, std::string key, std::string const& content, bool is_public) {
  if (content.empty()) return;
  to.add({.key = std::move(key),
          .value = content,
          .is_public = is_public,
          .internal = true,
          .file = true,
          .raw = true});
}

void add_runner_variables(job_variables& to, variable_sources const& sources) {
  auto const& input = sources.input;
  auto const& payload = sources.payload;
  if (!payload.image.name.empty()) to.add("CI_JOB_IMAGE", payload.image.name);
  to.add("CI_RUNNER_SHORT_TOKEN", gitlab::short_token(input.runner->token.reveal()));
  add_environment(to, sources);
  if (sources.directories) {
    to.add("CI_BUILDS_DIR", sources.directories->builds);
    to.add("CI_PROJECT_DIR", sources.directories->project);
  }
  to.add("CI_CONCURRENT_ID", std::to_string(input.concurrent_id));
  to.add("CI_CONCURRENT_PROJECT_ID", std::to_string(input.concurrent_project_id));
  to.add("CI_SERVER", "yes");
  to.add(std::string(status_name), "running");
  to.add("CI_JOB_TIMEOUT", std::to_string(job_timeout_seconds(payload)));
  add_tls_file(to, "CI_SERVER_TLS_CA_FILE", input.tls_ca_chain, true);
  if (input.tls_certificate.empty() || input.tls_key.empty()) return;
  add_tls_file(to, "CI_SERVER_TLS_CERT_FILE", input.tls_certificate, true);
  add_tls_file(to, "CI_SERVER_TLS_KEY_FILE", input.tls_key, false);
}

// A job's definition of a flag is read for its value, and not passed on where the resolved flags
// are.
void add_job_variables(job_variables& to, variable_sources const& sources) {
  for (auto const& given : sources.payload.variables) {
    if (sources.flags && is_flag_name(given.key)) continue;
    to.add({.key = given.key,
            .value = given.value,
            .is_public = given.is_public,
            .file = given.file,
            .masked = given.masked,
            .raw = given.raw});
  }
}

void add_final_variables(job_variables& to, variable_sources const& sources) {
  auto const& identity = sources.input.identity;
  to.add(sources.traits.shared_environment ? "CI_SHARED_ENVIRONMENT" : "CI_DISPOSABLE_ENVIRONMENT",
         "true");
  to.add("CI_RUNNER_VERSION", identity.version);
  to.add("CI_RUNNER_REVISION", identity.revision);
  to.add("CI_RUNNER_EXECUTABLE_ARCH", platform_text());
  for (auto const& secret : sources.secrets) to.add(secret);
  if (sources.directories) to.add("RUNNER_TEMP_PROJECT_DIR", temporary_directory(sources));
  if (sources.flags && (*sources.flags)["FF_NETWORK_PER_BUILD"]) {
    auto const token = gitlab::short_token(sources.input.runner->token.reveal());
    to.add("CI_BUILD_NETWORK_NAME",
           unique_names_of(token, sources.payload, sources.input.concurrent_project_id).job);
  }
}

}  // namespace

job_variables assemble_variables(variable_sources const& sources) {
  job_variables out;
  add_flags(out, sources);
  add_runner_variables(out, sources);
  add_job_variables(out, sources);
  add_final_variables(out, sources);
  out = out.expanded(temporary_directory(sources));
  // Other variables that name it keep what it was when they were expanded.
  out.overwrite_first(status_name, sources.status);
  return out;
}

std::vector<std::string> masked_values(job_variables const& variables) {
  std::vector<std::string> values;
  for (auto const& variable : variables.all()) {
    if (variable.masked) values.push_back(variable.value);
  }
  return values;
}

std::int64_t job_timeout_seconds(gitlab::job_payload const& payload) {
  auto const seconds = payload.runner_info.timeout;
  return seconds > 0 ? seconds : default_timeout_seconds;
}

std::string platform_text() {
  auto const info = gitlab::local_runner_info();
  return fmt::format("{}/{}", info.platform, info.architecture);
}

}  // namespace corunner
