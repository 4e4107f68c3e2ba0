#pragma once

#include "exec/archive/input_file.hpp"
#include "exec/archive/unpack_budget.hpp"

#include <string>

namespace corunner::exec {

// Unpacks a tar inside of zstd into the directory `root`; why not, or nothing. Blocks.
//
// As extract_archive says. A hard link is one afterwards; its target is a name below the root, too.
std::string extract_tar_zstd(input_file const& file, std::string const& root, unpack_budget budget);

}  // namespace corunner::exec
