#pragma once

#include "runner/pipeline/entry/job_entry.hpp"
#include "runner/pipeline/pipeline.hpp"

namespace corunner::pipeline::planning {

// Whether `only` and `except` let a job into a pipeline of this source.
// Rules: spec/local-pipelines.md section 7.3.
bool policies_allow(entry::job_entry const& job, pipeline_source const& source,
                    variable_list const& variables, file_reader& files);

// What a job without `rules`, `only` and `except` gets when there are no workflow rules.
bool implicit_policy_allows(pipeline_source const& source);

}  // namespace corunner::pipeline::planning
