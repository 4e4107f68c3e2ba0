#pragma once

#include "config/config.hpp"

namespace corunner::config {

// Fills what is empty in `entry` from a template (config.md 9): texts, numbers and false from
// their counterparts, lists only as a whole, maps key by key, tables recursively; times never. The
// template's token does not count.
void merge_template(runner_entry& entry, runner_entry const& from);

}  // namespace corunner::config
