#pragma once

#include "runner/job/git_access.hpp"
#include "runner/job/script/script_context.hpp"

#include <optional>

namespace corunner {

// "git -c http.userAgent=... [-c ...proactiveAuth=basic]": how git that talks to the server begins.
exec::shell_writer::words git_command(script_context const& job, git_access const& access);

// "git clean" with the job's flags; none when it wants no clean.
std::optional<exec::shell_writer::words> clean_command(job_settings const& settings);

// FF_USE_GIT_PROACTIVE_AUTH: credentials are sent before the server asks for them.
void add_proactive_auth(exec::shell_writer::words& git, script_context const& job,
                        git_access const& access);

}  // namespace corunner
