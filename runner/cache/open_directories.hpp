#pragma once

#include "runner/observe/log.hpp"

#include <string>
#include <vector>

namespace corunner {

// Makes the volumes of a job writable for the users of all its containers: mode 0777, through links
// (helper.md 11, cache-init). What cannot be changed is logged. Returns the exit code.
int open_directories(logger& log, std::vector<std::string> const& paths);

}  // namespace corunner
