#include "runner/job/script/submodules.hpp"

#include "runner/job/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner {
namespace {

using words = exec::shell_writer::words;

constexpr std::string_view exclude_nothing = ":(exclude)";

void append(words& to, words const& more) { to.insert(to.end(), more.begin(), more.end()); }

// Writes the git commands of one job for its submodules.
class submodule_commands {
 public:
  submodule_commands(exec::shell_writer& to, script_context const& job)
      : to_(to),
        settings_(job.settings),
        external_(to.temporary_file(temporary_file::git_external)) {}

  void update() {
    announce();
    to_.command({"git", "submodule", "init"});
    sync();
    clean();
    reset();
    to_.if_command_with_output(update_command());
    to_.notice("Updated submodules");
    sync();
    to_.otherwise();
    try_again();
    to_.end_if();
    clean();
    to_.notice("Configuring submodules to use parent git credentials...");
    to_.command({"git", "submodule", "foreach", "--recursive", "git", "config", "--replace-all",
                 "include.path", external_});
    pull_lfs();
  }

  void clean() {
    words command{"git", "clean"};
    append(command,
           settings_.clean_flags.empty() ? words{default_clean_flags} : settings_.clean_flags);
    foreach(command);
  }

  void reset() { foreach({"git", "reset", "--hard"}); }

 private:
  bool recursive() const { return settings_.submodules == submodule_strategy::recursive; }

  void announce() {
    to_.notice(fmt::format(
        "Updating/initializing submodules{}{}...",
        recursive() && settings_.submodule_depth >= 0 ? " recursively" : "",
        settings_.submodule_depth > 0
            ? fmt::format(" with git depth set to {}", settings_.submodule_depth)
            : ""));
  }

  words maybe_recursive(words command) const {
    if (recursive()) command.push_back("--recursive");
    return command;
  }

  void add_paths(words& command) const {
    if (settings_.submodule_paths.empty()) return;
    command.push_back("--");
    append(command, settings_.submodule_paths);
  }

  void sync() {
    auto command = maybe_recursive({"git", "submodule", "sync"});
    add_paths(command);
    to_.command(command);
  }

  void foreach(words const& what) {
    auto command = maybe_recursive({"git", "submodule", "foreach"});
    append(command, what);
    to_.command(command);
  }

  words update_command() const {
    auto command = maybe_recursive(
        {"git", "-c", "include.path=" + external_, "submodule", "update", "--init"});
    if (settings_.submodule_depth > 0) {
      append(command, {"--depth", std::to_string(settings_.submodule_depth)});
    }
    append(command, settings_.submodule_update_flags);
    add_paths(command);
    return command;
  }

  bool follows_remote() const {
    return std::ranges::any_of(settings_.submodule_update_flags, [](std::string const& flag) {
      return lower_case(flag) == "--remote";
    });
  }

  void try_again() {
    to_.warning("Updating submodules failed. Retrying...");
    if (follows_remote()) {
      foreach({"git", "fetch", "origin", "+refs/heads/*:refs/remotes/origin/*"});
    }
    sync();
    to_.command(update_command());
    reset();
  }

  void pull_lfs() {
    if (settings_.lfs_skip_smudge) return;
    to_.if_git_lfs();
    to_.notice("Pulling LFS files...");
    foreach({"git", "lfs", "pull"});
    to_.end_if();
  }

  exec::shell_writer& to_;
  job_settings const& settings_;
  std::string external_;
};

}  // namespace

std::optional<job_failure> check_submodule_settings(job_settings const& settings) {
  if (settings.submodules == submodule_strategy::invalid) {
    return plain_failure("unknown GIT_SUBMODULE_STRATEGY");
  }
  auto const& paths = settings.submodule_paths;
  if (!settings.submodules_are_used()) return std::nullopt;
  if (std::ranges::find(paths, exclude_nothing) == paths.end()) return std::nullopt;
  std::string shown;
  for (auto const& path : paths) shown += fmt::format("{}\"{}\"", shown.empty() ? "" : " ", path);
  return plain_failure(
      fmt::format("GIT_SUBMODULE_PATHS: invalid submodule pathspec [{}]", shown));
}

void update_submodules(exec::shell_writer& to, script_context const& job) {
  if (job.settings.submodules_are_used()) {
    submodule_commands(to, job).update();
  } else {
    to.notice("Skipping Git submodules setup");
  }
}

void clean_submodules(exec::shell_writer& to, script_context const& job) {
  if (!job.settings.submodules_are_used()) return;
  submodule_commands commands(to, job);
  if (!job.settings.clean_flags.empty()) commands.clean();
  commands.reset();
}

}  // namespace corunner
