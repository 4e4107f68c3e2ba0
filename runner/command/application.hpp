#pragma once

#include "runner/command/services.hpp"

#include <string>
#include <vector>

namespace corunner {

// The command line from the first global flag to the exit code: global flags, help, version, the
// command. Loops run inside. `words` is the command line without the program's name.
int run_application(services& all, std::vector<std::string> words);

}  // namespace corunner
