#pragma once

#include "config/config.hpp"

#include <string>
#include <vector>

namespace corunner::config {

// What stands in the file, well-formed but of no use: an entry without url or token, an unknown
// shell (config.md 4.2). One line each, with the place as a JSON pointer. Only `lint` takes offence.
std::vector<std::string> violations(configuration const& what);

}  // namespace corunner::config
