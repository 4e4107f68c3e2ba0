#pragma once

#include "config/config.hpp"
#include "config/problem.hpp"

#include <vector>

namespace corunner::config {

// The labels of one entry: the global ones, overlaid by its own.
string_map merged_labels(configuration const& all, runner_entry const& one);

// The labels that GitLab would not take (config.md 4.1), by their tables: keys of 3 to 65
// characters, values of 1 to 256, at most 32 per entry. All are of the kind `invalid`.
std::vector<problem> label_problems(configuration const& all);

}  // namespace corunner::config
