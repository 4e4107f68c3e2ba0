#pragma once

#include "config/config.hpp"

#include <string>

namespace corunner {

// GitLab Runner warns of settings with which its long polls hold up one another: most files have
// them. Scripts look for the beginning of its warning. Here each entry polls for itself, so that
// the same line says that nothing is to be done. Empty when there are none. config.md 4.3,
// protocol.md 7.9
std::string polling_notice(config::configuration const& values);

}  // namespace corunner
