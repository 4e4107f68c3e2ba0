#include "runner/job/script/get_sources.hpp"
#include "runner/job/script/git_leftovers.hpp"
#include "runner/job/script/stage_scripts.hpp"
#include "runner/job/script/submodules.hpp"

#include <filesystem>
#include <system_error>

namespace corunner {
namespace {

constexpr std::string_view files_of_a_job[] = {
    temporary_file::environment,
    temporary_file::masking,
    temporary_file::git_external,
    temporary_file::git_seed,
};

std::vector<std::string> temporary_files(script_context const& job) {
  std::vector<std::string> names(std::begin(files_of_a_job), std::end(files_of_a_job));
  for (auto const& variable : job.variables.all()) {
    bool const plain = variable.key.find('/') == std::string::npos;
    if (variable.file && plain) names.push_back(variable.key);
  }
  return names;
}

void clean_project(exec::shell_writer& to, script_context const& job) {
  auto const& project = job.directories.project;
  if (job.settings.strategy == git_strategy::none) {
    to.notice("Skipping build directory cleanup step");
    return;
  }
  if (job.settings.strategy != git_strategy::fetch) {
    to.remove_directory(project);
    return;
  }
  to.change_directory(project);
  if (auto const clean = clean_command(job.settings)) to.command(*clean);
  to.command({"git", "reset", "--hard"});
  clean_submodules(to, job);
}

}  // namespace

std::string prepare_script(script_context const& job) {
  auto const writer = make_writer(job);
  auto& to = *writer;
  to.running_on(job.traits.shows_runner_host ? job.host_name : std::string());
  // What an interrupted job left must not reach this one.
  to.remove_file(to.temporary_file(temporary_file::environment));
  to.remove_file(to.temporary_file(temporary_file::masking));
  return finish(to, job);
}

std::string cleanup_script(script_context const& job, cleanup_after what) {
  auto const writer = make_writer(job);
  auto& to = *writer;
  export_variables(to, job, file_variables::named_only);
  reject_credentials(to, job);
  if (!job.files_are_ours) {
    for (auto const& name : temporary_files(job)) to.remove_file(to.temporary_file(name));
    if (what == cleanup_after::stop) {
      to.remove_file(to.temporary_file(temporary_file::cache_environment));
    }
  }
  if (job.flags["FF_ENABLE_JOB_CLEANUP"]) clean_project(to, job);
  remove_stale_git_files(to, job);
  if (!job.traits.shared_environment) {
    to.remove_file(to.join(job.directories.builds, ".gitlab-build-uid-gid"));
  }
  return finish(to, job);
}

void remove_temporary_files(script_context const& job) {
  if (!job.files_are_ours) return;
  std::filesystem::path const directory = job.directories.temporary();
  auto names = temporary_files(job);
  names.emplace_back(temporary_file::cache_environment);
  for (auto const& name : names) {
    std::error_code not_there;
    std::filesystem::remove(directory / name, not_there);
  }
}

}  // namespace corunner
