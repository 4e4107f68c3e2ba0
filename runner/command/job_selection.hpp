#pragma once

#include "runner/pipeline/pipeline.hpp"

#include <optional>
#include <string>
#include <vector>

namespace corunner {

// Cuts a plan down to the named jobs and what they need: their `needs`, and without needs the jobs
// of earlier stages whose artifacts they download. A name without its ` 1/3` or `: [a]` part means
// all jobs of that group; manual jobs that are named will run. The order of the plan stays.
//
// Returns what is wrong with the names ("no job 'tests', did you mean 'test'?"), or nothing.
std::optional<std::string> select_jobs(pipeline::plan& plan, std::vector<std::string> const& names);

}  // namespace corunner
