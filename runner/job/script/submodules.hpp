#pragma once

#include "runner/job/job_failure.hpp"
#include "runner/job/script/script_context.hpp"

#include <optional>

namespace corunner {

// What no script can be written for: an unknown strategy, an exclude of nothing.
std::optional<job_failure> check_submodule_settings(job_settings const& settings);

// Brings the submodules to what the commit says. Runs in the project directory.
// job-lifecycle.md 13.6
void update_submodules(exec::shell_writer& to, script_context const& job);

// Undoes in the submodules what a job did to them (FF_ENABLE_JOB_CLEANUP).
void clean_submodules(exec::shell_writer& to, script_context const& job);

}  // namespace corunner
