#pragma once

#include "runner/pipeline/entry/configuration.hpp"
#include "runner/pipeline/pipeline.hpp"

namespace corunner::pipeline::planning {

// Decides what of a configuration runs for one source: workflow rules, rules of jobs, needs, and
// everything that is expanded when a pipeline is made. What is wrong goes to `errors`; then the
// answer is of no use.
evaluation make_plan(entry::configuration what, file_reader& files, pipeline_source const& source,
                     diagnostics& errors);

}  // namespace corunner::pipeline::planning
