#pragma once

#include <string_view>

namespace corunner {

// Writes all of `text` to a descriptor, waiting as long as its reader takes, also when the
// descriptor is set not to wait. Throws std::system_error when nobody can read it any more.
void write_whole(int file, std::string_view text);

}  // namespace corunner
