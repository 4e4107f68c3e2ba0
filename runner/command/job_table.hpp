#pragma once

#include "runner/command/terminal.hpp"
#include "runner/coordinator/observer.hpp"
#include "runner/pipeline/pipeline.hpp"

#include <string>
#include <vector>

namespace corunner {

// The jobs of a plan, one line each: name, stage, when, what it needs.
std::string plan_table(pipeline::plan const& plan, terminal const& screen);

// How a pipeline ended: jobs, durations, results, and the sum of it.
std::string result_table(std::vector<coordinator::job_view> const& jobs,
                         coordinator::pipeline_view const& pipeline,
                         std::chrono::milliseconds took, terminal const& screen);

}  // namespace corunner
