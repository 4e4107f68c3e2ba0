#pragma once

#include "runner/job/script/script_context.hpp"

#include <optional>

namespace corunner {

// "git clean" with the job's flags; none when it wants no clean.
std::optional<exec::shell_writer::words> clean_command(job_settings const& settings);

}  // namespace corunner
