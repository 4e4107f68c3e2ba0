#pragma once

#include "runner/job/job_failure.hpp"
#include "runner/job/script/script_context.hpp"

#include <chrono>
#include <string>

namespace corunner {

// The script of each stage, as text for the job's shell. An empty text: the stage has nothing to do
// and is left out. A failure is what a script cannot be written for (a setting that makes no
// sense); it is the failure of the stage. job-lifecycle.md 4, 13 - 16

std::string prepare_script(script_context const& job);
attempt<std::string> get_sources_script(script_context const& job);
// Before the second attempt of get_sources: nothing but .git stays.
std::string clear_worktree_script(script_context const& job);

attempt<std::string> restore_cache_script(script_context const& job);
attempt<std::string> archive_cache_script(script_context const& job, bool job_succeeded);

std::string download_artifacts_script(script_context const& job);
std::string upload_artifacts_script(script_context const& job, bool job_succeeded,
                                    std::chrono::system_clock::time_point now);

// `step` is one of the payload's, but not after_script.
std::string step_script(script_context const& job, gitlab::job_step const& step);
std::string after_script(script_context const& job);

// After a stop there is also what a stage removes itself at its end, the environment of a cache's
// store.
enum class cleanup_after { all_stages, stop };
std::string cleanup_script(script_context const& job,
                           cleanup_after what = cleanup_after::all_stages);
// Removes what cleanup_script leaves to us: a shell would start a program for it.
void remove_temporary_files(script_context const& job);

}  // namespace corunner
