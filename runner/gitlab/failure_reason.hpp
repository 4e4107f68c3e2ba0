#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::gitlab {

// Why a job failed, as GitLab names it (protocol.md 4.4).
enum class failure_reason {
  none,                                // the job did not fail, or nobody said why
  script_failure,                      // the user's script or container ended with a code != 0
  runner_system_failure,               // anything that is the runner's own fault
  job_execution_timeout,               // any time limit of a job
  image_pull_failure,                  // an image could not be pulled, nothing more is known
  unknown_failure,                     // what the server does not know by name
  runner_configuration_error,          // a setting is wrong and only the runner can see it
  runner_external_dependency_failure,  // a registry or a secret store cannot be reached
  runner_interrupted,                  // the runner was told to stop
  job_canceled,                        // the server cancelled the job
};

// The name on the wire; empty for none.
std::string_view to_string(failure_reason reason);

// The reason of that wire name; nothing when the runner does not know it.
std::optional<failure_reason> parse_failure_reason(std::string_view name);

// What to send to a server that accepts only `supported` (payload features.failure_reasons) and the
// three reasons that every server knows: none becomes script_failure, an unsupported reason follows
// its fallbacks and ends as unknown_failure.
failure_reason reported_reason(failure_reason reason, std::vector<std::string> const& supported);

}  // namespace corunner::gitlab
