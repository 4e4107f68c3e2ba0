#pragma once

#include <string_view>

namespace corunner::exec {

// Writes everything; 0, or errno.
int write_all(int descriptor, std::string_view bytes);

}  // namespace corunner::exec
