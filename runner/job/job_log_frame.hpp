#pragma once

#include "net/asio.hpp"
#include "runner/job/running_job.hpp"

#include <optional>

namespace corunner {

// What stands at both ends of a job's log. job-lifecycle.md 10.2 and 10.5

// Who runs the job, and the flags that are not as usual.
awaitable<void> print_header(running_job& job);

// How the job ended, after its time line where the configuration wants one. Nothing follows it.
awaitable<void> print_footer(running_job& job, std::optional<job_failure> const& failed);

}  // namespace corunner
