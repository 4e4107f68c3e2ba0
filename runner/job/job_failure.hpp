#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// The reasons that a job may fail for, as the wire spells them. job-lifecycle.md 9.3
namespace failure_reason {
inline constexpr std::string_view script_failure = "script_failure";
inline constexpr std::string_view runner_system_failure = "runner_system_failure";
inline constexpr std::string_view job_execution_timeout = "job_execution_timeout";
inline constexpr std::string_view image_pull_failure = "image_pull_failure";
inline constexpr std::string_view unknown_failure = "unknown_failure";
inline constexpr std::string_view runner_configuration_error = "runner_configuration_error";
inline constexpr std::string_view runner_external_dependency_failure =
    "runner_external_dependency_failure";
inline constexpr std::string_view runner_interrupted = "runner_interrupted";
inline constexpr std::string_view job_canceled = "job_canceled";
}  // namespace failure_reason

// Why a job failed.
struct job_failure {
  std::string message;
  std::string reason;     // empty: a plain error, which is a system failure
  int exit_code = 0;

  bool operator==(job_failure const&) const = default;

  bool plain() const { return reason.empty(); }
  // `reason`, or what a plain error counts as.
  std::string effective_reason() const;
  // "Job failed: exit status 1", "Job failed (system failure): shell zsh not found"
  std::string footer() const;
};

// A failure that is the runner's and not the job's: runner_system_failure, exit code 0.
job_failure plain_failure(std::string message);
job_failure build_failure(std::string message, std::string_view reason, int exit_code = 0);

// `reason` as a server understands it that listed `supported` (features.failure_reasons):
// itself, else along its fallbacks, else unknown_failure.
std::string map_failure_reason(std::string_view reason, std::vector<std::string> const& supported);

}  // namespace corunner
