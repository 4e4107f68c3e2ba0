#pragma once

#include <filesystem>
#include <string>

namespace corunner::test {

// A program where tools/setup puts what it takes out of packages, or where the system has it;
// empty: nowhere.
std::filesystem::path find_program(std::string const& name);

}  // namespace corunner::test
