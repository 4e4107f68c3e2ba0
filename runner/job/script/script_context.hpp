#pragma once

#include "config/config.hpp"
#include "exec/script/shell_writer.hpp"
#include "runner/cache/remote/remote_cache.hpp"
#include "runner/gitlab/job_payload.hpp"
#include "runner/job/executor_traits.hpp"
#include "runner/job/feature_flags.hpp"
#include "runner/job/job_directories.hpp"
#include "runner/job/job_settings.hpp"
#include "runner/job/job_variable.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace corunner {

// What the scripts of one job are written from. Everything referred to outlives the writing.
struct script_context {
  gitlab::job_payload const& payload;   // with its inputs filled in
  config::runner_entry const& runner;
  executor_traits const& traits;
  job_settings const& settings;
  feature_flags const& flags;
  job_variables const& variables;       // assembled and expanded
  job_directories directories;          // absolute where we know how
  std::string shell;
  std::string program;                  // "corunner 0.1.0 linux/amd64", what git tells the server
  std::string helper;                   // program of the artifact and cache commands; empty: none
  bool helper_is_this_program = false;  // its path is known to be there or not without running it
  bool files_are_ours = false;          // we may remove the job's temporary files ourselves
  remote_cache* store = nullptr;        // of the job's caches; null: they stay on the machine
  std::string correlation_id;
  std::string host_name;                // of the machine of the runner
  std::chrono::system_clock::time_point started;
};

namespace temporary_file {
inline constexpr std::string_view environment = "gitlab_runner_env";     // GITLAB_ENV
inline constexpr std::string_view masking = "masking.db";
inline constexpr std::string_view git_external = ".gitlab-runner.ext.conf";
inline constexpr std::string_view git_seed = ".glr.gconf";
inline constexpr std::string_view git_template = "git-template";
inline constexpr std::string_view cache_environment = "gitlab_runner_cache_env";
}  // namespace temporary_file

using shell_writer_ptr = std::unique_ptr<exec::shell_writer>;

// A writer for the job's shell and flags; never null for a shell that prepare_executor accepted.
shell_writer_ptr make_writer(script_context const& job);

enum class file_variables { written, named_only };

// What nearly every stage begins with: all variables, file variables, GITLAB_ENV. shells.md 3.3
void export_variables(exec::shell_writer& to, script_context const& job,
                      file_variables files = file_variables::written);

// The script text; `CI_DEBUG_TRACE` decides whether it shows its commands.
std::string finish(exec::shell_writer& what, script_context const& job);

// --- the parts that several stages share ---

// Writes `calls` for a helper command where the helper exists, else the warning that `action`
// ("Creating cache") is not possible.
template <class Calls>
void with_helper(exec::shell_writer& to, script_context const& job, std::string_view action,
                 Calls calls);

void begin_helper(exec::shell_writer& to, script_context const& job);
void end_helper(exec::shell_writer& to, script_context const& job, std::string_view action);

template <class Calls>
void with_helper(exec::shell_writer& to, script_context const& job, std::string_view action,
                 Calls calls) {
  if (!job.helper.empty()) {
    begin_helper(to, job);
    calls();
  }
  end_helper(to, job, action);
}

// True when `when` of an artifact or cache fits a job that ended so.
bool fits(std::string_view when, bool job_succeeded);

// Containers of some images run as another user: the directory is given to that user.
void fix_ownership(exec::shell_writer& to, script_context const& job, std::string_view directory);

}  // namespace corunner
