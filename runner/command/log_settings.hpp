#pragma once

#include "config/config.hpp"
#include "config/failure.hpp"
#include "runner/command/services.hpp"

#include <optional>

namespace corunner {

// The log_level and log_format of config.toml; flags and variables of the program win over both
// (observability.md 3.1).

// Why they cannot be used, if so.
std::optional<config::failure> check_log_settings(config::configuration const& values);

// Puts them in force; what is not in the file goes back to its default. They must have been
// checked. From now on the log hides the tokens of the runner entries.
void apply_log_settings(services& all, config::configuration const& values);

}  // namespace corunner
