#pragma once

#include "runner/gitlab/job_payload.hpp"

#include <string>

namespace corunner::gitlab {

// True when the job is written with `run:` (protocol.md 3.9); an empty list of steps is none.
bool has_native_steps(job_payload const& job);

// Why this payload must not be run: the text that goes, with a line feed, bare into the log. Such a
// job ends as runner_system_failure with exit code 3, without having been accepted
// (job-lifecycle.md 2 and 18.2). Empty: nothing is wrong.
std::string refusal(job_payload const& job);

}  // namespace corunner::gitlab
