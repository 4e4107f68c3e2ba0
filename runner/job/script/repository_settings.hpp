#pragma once

#include "exec/script/shell_writer.hpp"
#include "runner/job/git_access.hpp"

#include <string>

namespace corunner {

// The configuration of a checkout's repository, by shell where a shell can do it: each git that is
// started costs as much as a small job's script. `external` is the file that every repository
// includes. job-lifecycle.md 13.3, 13.4

// The template that `git init` copies. The user may have put keys of his own into it (a hook does),
// so that it is only written as a whole when it is not there, and left alone when it has ours
// already.
void write_template(exec::shell_writer& to, std::string const& directory,
                    std::string const& external);

// The remote of a repository that has just been made, from within its directory.
void write_origin(exec::shell_writer& to, git_access const& access, std::string const& external);

// The remote of one that was there before. What an earlier job left as it should be is not touched.
void update_origin(exec::shell_writer& to, git_access const& access, std::string const& external);

}  // namespace corunner
