#pragma once

#include "runner/coordinator/api/parameters.hpp"
#include "runner/coordinator/api/reply.hpp"
#include "runner/coordinator/storage/records.hpp"

#include <vector>

namespace corunner::coordinator {

// Reads description, tags, flags, timeout and note of a runner out of a request; what is absent
// stays. Notes faults of type in `params`.
void apply_settings(parameters& params, runner_record& runner);
// What GitLab's model would not store (runners-api.md 2.1).
std::vector<field_error> validate(runner_record const& runner);
// "Maximum timeout needs to be at least 10 minutes and ..."
std::string sentence_of(std::vector<field_error> const& errors);

}  // namespace corunner::coordinator
