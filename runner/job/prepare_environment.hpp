#pragma once

#include "net/asio.hpp"
#include "runner/job/job_failure.hpp"
#include "runner/job/running_job.hpp"

#include <optional>

namespace corunner {

// Makes the job's environment: directories, then the executor, in up to three tries. Afterwards the
// job has one, or there is a failure and nothing is left of any try. job-lifecycle.md 6.2
awaitable<std::optional<job_failure>> prepare_environment(running_job& job, stop_scope& scope);

}  // namespace corunner
