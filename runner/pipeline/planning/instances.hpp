#pragma once

#include "runner/pipeline/entry/configuration.hpp"

namespace corunner::pipeline::planning {

// Replaces every job with `parallel` by its instances, in place: `test 1/3`, `test: [a, b]`.
std::vector<entry::job_entry> make_instances(std::vector<entry::job_entry> jobs);

}  // namespace corunner::pipeline::planning
