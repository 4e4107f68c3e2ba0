#include "runner/job/script/shell_free.hpp"

#include "runner/job/script/git_leftovers.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace corunner {

namespace {

namespace fs = std::filesystem;

// What every script begins with has no effect and cannot fail.
bool begins_with_nothing(script_context const& job) {
  if (!job.files_are_ours || !job.traits.shared_environment || job.settings.debug_trace) {
    return false;
  }
  auto const& variables = job.variables.all();
  if (!std::ranges::all_of(variables,
                           [](auto const& one) { return exec::is_identifier(one.key); })) {
    return false;
  }
  std::error_code not_there;
  auto const size =
      fs::file_size(fs::path(job.directories.temporary()) / temporary_file::environment, not_there);
  return not_there || size == 0;
}

}  // namespace

std::optional<std::vector<std::string>> get_sources_without_shell(script_context const& job) {
  if (job.settings.strategy != git_strategy::none || job.flags["FF_GIT_URLS_WITHOUT_TOKENS"] ||
      !begins_with_nothing(job)) {
    return std::nullopt;
  }
  std::error_code failed;
  fs::create_directories(job.directories.project, failed);
  if (failed) return std::nullopt;
  return std::vector<std::string>{"Skipping Git repository setup", "Skipping Git checkout",
                                  "Skipping Git submodules setup"};
}

std::function<bool()> cleanup_without_shell(script_context const& job) {
  if (job.flags["FF_ENABLE_JOB_CLEANUP"] || !has_stale_files_only(job) ||
      !begins_with_nothing(job)) {
    return {};
  }
  auto origin = origin_to_reject(job);
  if (!origin.empty() && directs_git(job.variables)) return {};
  return [git = fs::path(job.directories.project) / ".git", origin = std::move(origin)] {
    if (!origin.empty() && may_have_credential_store(origin)) return false;
    return remove_stale_git_files(git);
  };
}

}  // namespace corunner
