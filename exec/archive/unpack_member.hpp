#pragma once

#include "exec/archive/input_file.hpp"
#include "exec/archive/zip_directory.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace corunner::exec {

// Whether the member's method is one that unpack_member knows.
bool can_unpack(zip_member const& member);

// Unpacks the content of one member and hands it to `write`, which returns false to stop. A small
// member is handed over only when its checksum is right, a large one as it comes. Never more than
// the declared size; memory does not depend on what is declared. Returns why not, or nothing.
// Blocks.
std::string unpack_member(input_file const& file, zip_member const& member,
                          std::function<bool(std::string_view)> const& write);

}  // namespace corunner::exec
