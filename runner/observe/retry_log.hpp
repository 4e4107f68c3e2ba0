#pragma once

#include "runner/observe/log.hpp"

#include <chrono>
#include <string_view>

namespace corunner {

// Says that a call waits before it is repeated (protocol.md 1.9), and that a Retry-After was no
// number of seconds when `refused` holds one. The texts and fields are GitLab Runner's.
void log_retry(logger const& log, std::string_view method, std::string_view url,
               std::chrono::milliseconds pause, std::string_view refused);

}  // namespace corunner
