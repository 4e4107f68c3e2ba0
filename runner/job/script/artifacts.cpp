#include "config/duration.hpp"
#include "runner/job/bool_text.hpp"
#include "runner/job/git_url.hpp"
#include "runner/job/script/stage_scripts.hpp"
#include "runner/job/words.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace corunner {
namespace {

using gitlab::job_artifact;
using gitlab::job_dependency;
using words = exec::shell_writer::words;
using namespace std::chrono_literals;

constexpr config::duration default_upload_timeout = 1h;
// What a job made is not given up because GitLab is away for a while.
constexpr std::string_view outage_timeout = "10m0s";
constexpr config::duration default_response_header_timeout = 10min;

bool has_artifacts(job_dependency const& dependency) {
  return dependency.artifacts_file && !dependency.artifacts_file->filename.empty();
}

bool selects_something(job_artifact const& artifact) {
  return artifact.untracked || !artifact.paths.empty() || !artifact.exclude.empty();
}

std::string rfc3339(std::chrono::system_clock::time_point when) {
  auto const seconds = std::chrono::time_point_cast<std::chrono::seconds>(when);
  auto const calendar = fmt::gmtime(std::chrono::system_clock::to_time_t(seconds));
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", calendar);
}

void append(words& to, words const& more) { to.insert(to.end(), more.begin(), more.end()); }

void append_unless_empty(words& to, std::string const& flag, std::string const& value) {
  if (!value.empty()) append(to, {flag, value});
}

// RUNNER_GENERATE_ARTIFACTS_METADATA is read from what the job defines, not from `environment`.
std::string defined_by_job(script_context const& job, std::string_view name) {
  auto const& variables = job.payload.variables;
  auto const found = std::find_if(variables.rbegin(), variables.rend(),
                                  [name](auto const& one) { return one.key == name; });
  return found == variables.rend() ? std::string() : found->value;
}

bool wants_provenance(script_context const& job, job_artifact const& artifact) {
  auto const text = lower_case(defined_by_job(job, "RUNNER_GENERATE_ARTIFACTS_METADATA"));
  return parse_bool(text).value_or(false) && artifact.artifact_format == "zip";
}

std::string shown_repository(script_context const& job) {
  auto const url = parse_git_url(job.payload.git_info.repo_url);
  auto shown = url ? url->without_credentials() : std::string();
  if (shown.ends_with(".git")) shown.resize(shown.size() - 4);
  return shown;
}

// helper.md 7.3
words provenance_flags(script_context const& job, std::chrono::system_clock::time_point now) {
  auto const schema = defined_by_job(job, "SLSA_PROVENANCE_SCHEMA_VERSION");
  words flags{"--generate-artifacts-metadata",
              "--runner-id",
              job.variables.value("CI_RUNNER_ID"),
              "--repo-url",
              shown_repository(job),
              "--repo-digest",
              job.payload.git_info.sha,
              "--job-name",
              job.payload.job_info.name,
              "--executor-name",
              job.runner.executor,
              "--runner-name",
              job.runner.name,
              "--started-at",
              rfc3339(job.started),
              "--ended-at",
              rfc3339(now),
              // The reference says "unknown" here, and the helper then warns about it.
              "--schema-version",
              schema.empty() ? "v1" : schema};
  for (auto const& variable : job.payload.variables) {
    append(flags, {"--metadata-parameter", variable.key});
  }
  return flags;
}

words upload_call(script_context const& job, job_artifact const& artifact,
                  std::chrono::system_clock::time_point now) {
  auto const limits = job.runner.artifact ? *job.runner.artifact : config::artifact_limits{};
  words call{job.helper,
             "artifacts-uploader",
             "--url",
             job.runner.url,
             "--id",
             std::to_string(job.payload.id),
             "--timeout",
             config::format_duration(limits.upload_timeout.value_or(default_upload_timeout)),
             "--response-header-timeout",
             config::format_duration(
                 limits.response_header_timeout.value_or(default_response_header_timeout))};
  if (wants_provenance(job, artifact)) append(call, provenance_flags(job, now));
  for (auto const& path : artifact.paths) append(call, {"--path", path});
  for (auto const& path : artifact.exclude) append(call, {"--exclude", path});
  if (artifact.untracked) call.push_back("--untracked");
  append_unless_empty(call, "--name", artifact.name);
  append_unless_empty(call, "--expire-in", artifact.expire_in);
  append_unless_empty(call, "--artifact-format", artifact.artifact_format);
  append_unless_empty(call, "--artifact-type", artifact.artifact_type);
  return call;
}

// The token is not a flag, so that no list of processes shows it.
exec::shell_writer::variables helper_variables(secret const& token) {
  return {{"CI_JOB_TOKEN", token.reveal()},
          {"CORUNNER_OUTAGE_TIMEOUT", std::string(outage_timeout)}};
}

void begin(exec::shell_writer& to, script_context const& job) {
  export_variables(to, job);
  to.change_directory(job.directories.project);
}

}  // namespace

std::string download_artifacts_script(script_context const& job) {
  auto const& dependencies = job.payload.dependencies;
  if (std::ranges::none_of(dependencies, has_artifacts)) return {};
  auto const writer = make_writer(job);
  auto& to = *writer;
  begin(to, job);
  with_helper(to, job, "Artifacts downloading", [&] {
    for (auto const& dependency : dependencies) {
      if (!has_artifacts(dependency)) continue;
      auto const id = std::to_string(dependency.id);
      to.notice(fmt::format("Downloading artifacts for {} ({})...", dependency.name, id));
      to.command_with(helper_variables(dependency.token),
                      {job.helper, "artifacts-downloader", "--url", job.runner.url, "--id", id});
    }
  });
  fix_ownership(to, job, job.directories.builds);
  return finish(to, job);
}

std::string upload_artifacts_script(script_context const& job, bool job_succeeded,
                                    std::chrono::system_clock::time_point now) {
  auto const wanted = [job_succeeded](job_artifact const& artifact) {
    return selects_something(artifact) && fits(artifact.when, job_succeeded);
  };
  auto const& artifacts = job.payload.artifacts;
  if (job.runner.url.empty() || std::ranges::none_of(artifacts, wanted)) return {};
  auto const writer = make_writer(job);
  auto& to = *writer;
  begin(to, job);
  with_helper(to, job, "Uploading artifacts", [&] {
    for (auto const& artifact : artifacts) {
      if (!wanted(artifact)) continue;
      to.notice("Uploading artifacts...");
      to.command_with(helper_variables(job.payload.token), upload_call(job, artifact, now));
    }
  });
  return finish(to, job);
}

}  // namespace corunner
