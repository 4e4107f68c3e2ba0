#pragma once

#include "test/system/support/world.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace corunner::test {

// What a job can leave behind in a world, and must not.

// Files anywhere in the world that hold one of these texts.
std::vector<std::filesystem::path> files_with_secrets(world const& where,
                                                      std::vector<std::string> const& secrets);
// Lock files, of git or others, below the builds directory.
std::vector<std::filesystem::path> locks_in_builds(world const& where);
// Control groups of the job that still exist, wherever this machine has some.
std::vector<std::filesystem::path> control_groups_of(std::int64_t job);

}  // namespace corunner::test
