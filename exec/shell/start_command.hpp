#pragma once

#include "exec/executor.hpp"

#include <string>
#include <vector>

namespace corunner::exec {

// The words that start the shell of a job, behind its proxy if it has one. A script that is a file
// is named by one more word. shells.md 8.1, 10, 11, 12
std::vector<std::string> shell_command_line(job_environment const& job);

// Whether the script goes into a file, or to the shell's stdin. cmd knows only files; PowerShell is
// given one on request, but not as another user, who could not read it.
bool is_script_a_file(job_environment const& job);

// "script.ps1": by its end the shell knows what it is.
std::string script_file_name(job_environment const& job);

}  // namespace corunner::exec
