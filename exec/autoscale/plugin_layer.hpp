#pragma once

#include "exec/archive/input_file.hpp"
#include "exec/archive/unpack_budget.hpp"

#include <string>

namespace corunner::exec {

// Unpacks the layer of a plugin, a tar inside of gzip, into the directory `root`, which is
// absolute; why not, or nothing. Blocks.
//
// The layer has regular files alone, named plugin/FILE (Files/plugin/FILE in images for Windows;
// directories are passed over), which become FILE in `root`. Anything else is refused: nested or
// repeated names, links, devices, more than a thousand files. One of the files is the program
// `plugin`, executable. What was unpacked before a failure stays. (executor-autoscaler.md 4.1)
std::string unpack_plugin_layer(input_file const& layer, std::string const& root,
                                unpack_budget budget);

}  // namespace corunner::exec
