#pragma once

#include "config/config.hpp"

#include <optional>

namespace corunner::config {

// The labels of one entry: the global ones, overlaid by its own.
string_map merged_labels(configuration const& all, runner_entry const& one);

// Whether GitLab would take all labels (config.md 4.1): keys of 3 to 65 characters, values of 1 to
// 256, at most 32 per entry. The failure names the first bad one.
std::optional<failure> check_labels(configuration const& all);

}  // namespace corunner::config
