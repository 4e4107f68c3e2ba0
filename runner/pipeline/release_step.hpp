#pragma once

#include <string>
#include <vector>

#include "runner/pipeline/job_definition.hpp"
#include "runner/pipeline/variable.hpp"

namespace corunner::pipeline {

// The commands of the step `release`. There is no GitLab here that could keep a release, so they
// print what it would be, in any shell, and succeed. `variables` are those of the job; references
// to others are left to the runner.
std::vector<std::string> release_step(release_definition const& release,
                                      variable_list const& variables);

}  // namespace corunner::pipeline
