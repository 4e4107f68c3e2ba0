#pragma once

#include "runner/pipeline/entry/job_entry.hpp"
#include "runner/pipeline/pipeline.hpp"

namespace corunner::pipeline::planning {

// Whether `only` and `except` let a job into a pipeline of this source. `implicit_refs`: a job
// without `only` is for branches and tags, which is so unless there are workflow rules.
// Rules: spec/local-pipelines.md section 7.3.
bool policies_allow(entry::job_entry const& job, pipeline_source const& source,
                    variable_list const& variables, file_reader& files, bool implicit_refs);

}  // namespace corunner::pipeline::planning
