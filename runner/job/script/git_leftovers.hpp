#pragma once

#include "runner/job/script/script_context.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace corunner {

// What git leaves behind when it is killed or helped: by scripts, and without a shell where the
// files are ours. job-lifecycle.md 13.8

// Lock files and hooks that a killed git left behind, and with clean_git_config what a job may have
// put into the git configuration.
void remove_stale_git_files(exec::shell_writer& to, script_context const& job);
// True when that comes to the files of one repository, `git` being its .git directory.
bool has_stale_files_only(script_context const& job);
// Those. False when something could not be removed or looked at. Walks through .git/refs: for a
// pool.
bool remove_stale_git_files(std::filesystem::path const& git);

// Tells git's credential stores to forget the job token.
void reject_credentials(exec::shell_writer& to, script_context const& job);
// Whose: scheme://host. Empty when git had none of ours to give to a store.
std::string origin_to_reject(script_context const& job);
// True unless it is sure that the git of this process has no store for `origin` (scheme://host):
// neither the system's nor the user's configuration file names one or includes another file, and
// nothing tells git to read others. Reads these files: for a pool.
bool may_have_credential_store(std::string_view origin);
// True when a job's variables make its git read other configuration files than ours does.
bool directs_git(job_variables const& variables);

}  // namespace corunner
