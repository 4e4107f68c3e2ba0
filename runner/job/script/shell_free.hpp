#pragma once

#include "runner/job/script/script_context.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace corunner {

// Stages that come to so little that no shell is started for them: a login shell is most of what a
// small job costs. Only where their script would do exactly this and the files are ours; nothing
// otherwise, and then the script is run.

// get_sources without git: makes the project's directory. The lines that the log shows.
std::optional<std::vector<std::string>> get_sources_without_shell(script_context const& job);

// What cleanup_file_variables has to do beside remove_temporary_files(), as work for a pool: what a
// killed git left. It says false where the script has to be run after all. Empty when that is clear
// before.
std::function<bool()> cleanup_without_shell(script_context const& job);

}  // namespace corunner
