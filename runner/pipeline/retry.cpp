// What a failure means: another try, or one that does not count.
#include <algorithm>
#include <array>

#include "runner/pipeline/processing.hpp"

namespace corunner::pipeline {
namespace {

using names = std::span<std::string_view const>;

constexpr std::array<std::string_view, 5> never_retried{
    "ci_quota_exceeded", "no_matching_runner", "missing_dependency_failure",
    "forward_deployment_failure", "environment_creation_failure"};

constexpr int scheduler_retries = 2;

// Reasons that a coarser name of `retry:when` covers too.
struct alias {
  std::string_view name;
  std::array<std::string_view, 4> covers;
};

constexpr std::array<alias, 2> aliases{{
    {"stuck_or_timeout_failure",
     {"stuck_pending_with_matching_runners", "stuck_pending_no_matching_runners",
      "no_updates_running", "no_updates_canceling"}},
    {"job_execution_timeout", {"server_timeout_running", "server_timeout_canceling"}},
}};

bool names_reason(std::string_view when, std::string_view reason) {
  if (when == "always" || when == reason) return true;
  for (alias const& a : aliases) {
    if (a.name == when && std::ranges::find(a.covers, reason) != a.covers.end()) return true;
  }
  return false;
}

}  // namespace

bool wants_retry(retry_policy const& policy, std::string_view failure_reason,
                 std::optional<int> code, int earlier) {
  if (std::ranges::find(never_retried, failure_reason) != never_retried.end()) return false;
  if (!policy.given) {
    return failure_reason == "scheduler_failure" && earlier < scheduler_retries;
  }
  if (earlier >= policy.max) return false;
  bool const by_reason = std::ranges::any_of(
      policy.when, [&](std::string const& when) { return names_reason(when, failure_reason); });
  bool const by_code =
      code && std::ranges::find(policy.exit_codes, *code) != policy.exit_codes.end();
  return by_reason || by_code;
}

bool failure_allowed(job_definition const& job, std::optional<int> code) {
  if (job.allow_failure_exit_codes.empty()) return job.allow_failure;
  return code && std::ranges::find(job.allow_failure_exit_codes, *code) !=
                     job.allow_failure_exit_codes.end();
}

}  // namespace corunner::pipeline
