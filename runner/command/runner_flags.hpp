#pragma once

#include "config/config.hpp"
#include "runner/command/flag.hpp"

#include <vector>

namespace corunner {

// The flags of `register` for everything in a [[runners]] entry, in the order of the keys'
// declaration. They point into `entry`; optional tables that have flags are made in it.
std::vector<flag> runner_flags(config::runner_entry& entry);

}  // namespace corunner
