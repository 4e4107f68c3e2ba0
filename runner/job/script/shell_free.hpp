#pragma once

#include "runner/job/script/script_context.hpp"

#include <optional>
#include <string>
#include <vector>

namespace corunner {

// Stages that come to so little that no shell is started for them: a login shell is most of what a
// small job costs. Only where their script would do exactly this and the files are ours; nothing
// otherwise, and then the script is run.

// get_sources without git: makes the project's directory. The lines that the log shows.
std::optional<std::vector<std::string>> get_sources_without_shell(script_context const& job);

// cleanup_file_variables with no git to clean: remove_temporary_files() is all there is to do.
bool cleans_up_without_shell(script_context const& job);

}  // namespace corunner
