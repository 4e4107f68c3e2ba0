#pragma once

#include "config/duration.hpp"
#include "runner/job/job_variable.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace corunner {

// The limits of user steps and of after_script. job-lifecycle.md 7
struct script_timeouts {
  std::optional<config::duration> script;  // none: the job's
  config::duration after_script = std::chrono::minutes(5);
  std::vector<std::string> warnings;       // what could not be used
};

// Reads RUNNER_SCRIPT_TIMEOUT and RUNNER_AFTER_SCRIPT_TIMEOUT of a job that has `time_left`.
script_timeouts read_script_timeouts(job_variables const& variables, config::duration time_left);

// A limit of the configuration for a part of a job with that timeout; none: the job's own.
struct part_timeout {
  config::duration limit;
  std::string warning;    // why the configured one is not used
};
part_timeout part_timeout_of(std::string_view name, std::optional<config::duration> configured,
                             config::duration job_timeout);

}  // namespace corunner
