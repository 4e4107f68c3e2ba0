#pragma once

#include "runner/command/services.hpp"

namespace corunner {

// Whether the lines tell how jobs are started, too: for commands that register, not for those that
// run or remove.
enum class mode_hint { none, how_to_start };

// Tells whether the system's or the user's own configuration is used (cli.md 4.1).
void announce_mode(services const& all, mode_hint hint);

}  // namespace corunner
