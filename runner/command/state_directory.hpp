#pragma once

#include "runner/command/services.hpp"
#include "runner/journal/journal.hpp"

#include <filesystem>
#include <string>

namespace corunner {

// Where the program keeps what must survive its end, when nobody says otherwise: $STATE_DIRECTORY
// (systemd), /var/lib/corunner for root, else $XDG_STATE_HOME/corunner or ~/.local/state/corunner.
// Empty: there is no such place.
std::filesystem::path default_state_directory(config::environment const& variables);

// The journal in `directory` (empty: the default), with what dead processes left in it. Where no
// directory can be made a warning says so, and jobs do not outlive the process.
journal open_journal(services& all, std::string const& directory);

}  // namespace corunner
