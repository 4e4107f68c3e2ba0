#pragma once

#include "runner/job/git_access.hpp"
#include "runner/job/script/script_context.hpp"

#include <string>

namespace corunner {

// How a job's repository comes to be, up to its checkout; the script is in its directory
// afterwards. `pattern` is the template directory for `git init`. job-lifecycle.md 13.3

// Made or reused, and the job's refspecs fetched.
void fetch_repository(exec::shell_writer& to, script_context const& job, git_access const& access,
                      std::string const& pattern);
// FF_USE_GIT_NATIVE_CLONE: by `git clone --revision`.
void clone_repository(exec::shell_writer& to, script_context const& job, git_access const& access,
                      std::string const& pattern);

// FF_USE_GIT_PROACTIVE_AUTH: credentials are sent before the server asks for them.
void add_proactive_auth(exec::shell_writer::words& git, script_context const& job,
                        git_access const& access);

// The file that every repository includes, absolute: git is started anywhere.
std::string external_file(exec::shell_writer& to);

}  // namespace corunner
