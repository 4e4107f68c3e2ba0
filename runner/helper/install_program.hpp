#pragma once

#include "net/asio.hpp"

#include <filesystem>

#include <sys/types.h>

namespace corunner {

// Puts a copy of this program at `destination`, with that mode whatever the umask, and makes the
// directories above with `directory_mode` less the umask. A program that runs from there is not
// disturbed: it is replaced by a rename, and not at all when the very same is there.
error_code install_program(std::filesystem::path const& destination, mode_t mode,
                           mode_t directory_mode);

}  // namespace corunner
