#pragma once

#include "runner/service/service_file.hpp"

#include <string>
#include <vector>

namespace corunner {

// The script of a System V init: Debian's and Red Hat's use the functions that these brought along,
// the third needs nothing but a shell.
std::string sysv_script(init_system system, service_definition const& what);

// Words of a shell, each with a space before it.
std::string quoted_words(std::vector<std::string> const& words);

}  // namespace corunner
