#pragma once

#include "runner/pipeline/entry/configuration.hpp"

namespace corunner::pipeline::planning {

// Checks what jobs say about each other: stages, `needs`, `dependencies`, circles, `on_stop`.
// `jobs` are instances. Messages: spec/local-pipelines.md section 9.
void validate_jobs(diagnostics& errors, std::vector<entry::job_entry> const& jobs,
                   std::vector<std::string> const& stages);

}  // namespace corunner::pipeline::planning
