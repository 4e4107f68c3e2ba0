#pragma once

#include "exec/executor.hpp"
#include "net/asio.hpp"
#include "runner/job/job_failure.hpp"
#include "runner/job/running_job.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// How a stage went.
struct stage_end {
  std::optional<job_failure> failure;  // of the script, also when it was stopped
  bool stopped = false;                // its scope ended before the script did, or before it began

  bool ok() const { return !failure && !stopped; }
};

// The title that the log shows for a stage.
std::string stage_title(std::string_view stage, std::string_view executor);

// What a job log says about a script that ended like that. For all executors of this program.
job_failure failure_of(exec::stage_outcome const& outcome);

// Runs one script in the job's environment with its section and title around it. A scope that has
// ended already starts nothing; one that ends stops the script and waits until it is gone. An empty
// script is left out silently. `output`: where it prints to; null: the job's log.
awaitable<stage_end> run_stage(running_job& job, std::string name, std::string script,
                               bool predefined, stop_scope& scope,
                               exec::output_sink* output = nullptr);

// One that the log does not show, neither what it prints; for what is to be done after a hard stop.
// It is stopped when `limit` is over.
awaitable<stage_end> run_silently(running_job& job, std::string name, std::string script,
                                  net::time_source::duration limit);

// The same as run_stage() for a stage whose work is done already: what its script would have shown,
// in green.
awaitable<void> show_stage(running_job& job, std::string name, std::vector<std::string> notices);

// A runner-side section: markers and title. end_section() must follow.
awaitable<void> begin_section(running_job& job, std::string name);
awaitable<void> end_section(running_job& job, std::string const& name);

}  // namespace corunner
