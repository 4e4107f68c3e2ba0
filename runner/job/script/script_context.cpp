#include "runner/job/script/script_context.hpp"

#include "runner/job/git_access.hpp"
#include "runner/job/script/git_context.hpp"

#include <fmt/format.h>

namespace corunner {
namespace {

constexpr std::string_view owner_file = ".gitlab-build-uid-gid";

}  // namespace

shell_writer_ptr make_writer(script_context const& job) {
  exec::shell_writer_options how;
  how.shell = job.shell;
  how.temporary_directory = job.directories.temporary();
  how.posix_escapes = job.flags["FF_POSIXLY_CORRECT_ESCAPES"];
  how.legacy_eval = job.flags["FF_USE_LEGACY_BASH_EVAL"];
  how.exit_code_check = job.flags["FF_ENABLE_BASH_EXIT_CODE_CHECK"];
  how.script_sections =
      job.flags["FF_SCRIPT_SECTIONS"] && job.payload.features.trace_sections;
  how.as_file = job.flags["FF_DISABLE_POWERSHELL_STDIN"];
  return exec::make_shell_writer(std::move(how));
}

void export_variables(exec::shell_writer& to, script_context const& job, file_variables files) {
  for (auto const& variable : job.variables.all()) {
    if (!variable.file) {
      to.variable(variable.key, variable.value);
    } else if (files == file_variables::written) {
      to.file_variable(variable.key, variable.value);
    } else {
      to.file_variable_path(variable.key);
    }
  }
  auto const environment = to.temporary_file(temporary_file::environment);
  to.active_variable("GITLAB_ENV", environment);
  to.source_env(environment);
  // Last, so that no job can put its own in the place.
  if (job.flags["FF_GIT_URLS_WITHOUT_TOKENS"]) {
    to.active_variable("GIT_CONFIG_GLOBAL", to.temporary_file(temporary_file::git_seed));
  }
}

std::string finish(exec::shell_writer& what, script_context const& job) {
  return what.finish(job.settings.debug_trace);
}

void begin_helper(exec::shell_writer& to, script_context const& job) {
  if (job.helper_is_this_program) {
    to.if_file(job.helper);
  } else {
    to.if_command({job.helper, "--version"});
  }
}

void end_helper(exec::shell_writer& to, script_context const& job, std::string_view action) {
  if (job.helper.empty()) {
    to.warning(fmt::format("{} is not supported by this executor.", action));
    return;
  }
  to.otherwise();
  to.warning(fmt::format("Missing {}. {} is disabled.", job.helper, action));
  to.end_if();
}

bool fits(std::string_view when, bool job_succeeded) {
  if (when == "always") return true;
  return job_succeeded ? when.empty() || when == "on_success" : when == "on_failure";
}

void fix_ownership(exec::shell_writer& to, script_context const& job, std::string_view directory) {
  if (job.traits.shared_environment) return;
  to.take_owner_of(to.join(job.directories.builds, owner_file), directory);
}

}  // namespace corunner
