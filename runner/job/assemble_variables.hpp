#pragma once

#include "runner/job/executor_traits.hpp"
#include "runner/job/feature_flags.hpp"
#include "runner/job/job_directories.hpp"
#include "runner/job/job_run.hpp"
#include "runner/job/job_variable.hpp"

#include <optional>
#include <string>
#include <vector>

namespace corunner {

// What is known of a job when its variables are assembled; more of it each time.
struct variable_sources {
  job_input const& input;
  gitlab::job_payload const& payload;
  executor_traits const& traits;
  feature_flags const* flags = nullptr;              // null: not read yet
  std::optional<job_directories> directories;        // none: not computed yet
  std::vector<job_variable> secrets;                 // resolved ones
  std::string status = "running";                    // CI_JOB_STATUS
};

// The variables of a job in their order, expanded. shells.md 3.1
job_variables assemble_variables(variable_sources const& sources);

// The values that must not be shown in the log.
std::vector<std::string> masked_values(job_variables const& variables);

// Seconds that the job may take.
std::int64_t job_timeout_seconds(gitlab::job_payload const& payload);

// "linux/amd64"
std::string platform_text();

}  // namespace corunner
