#include "runner/job/script/get_sources.hpp"

#include "runner/job/script/fetch_repository.hpp"
#include "runner/job/script/git_context.hpp"
#include "runner/job/script/git_leftovers.hpp"
#include "runner/job/script/repository_settings.hpp"
#include "runner/job/script/stage_scripts.hpp"
#include "runner/job/script/submodules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner {
namespace {

constexpr std::string_view pre_hook = "pre_get_sources_script";
constexpr std::string_view post_hook = "post_get_sources_script";

std::vector<std::string> hook_lines(script_context const& job, std::string_view name) {
  auto const& hooks = job.payload.hooks;
  auto const found = std::ranges::find(hooks, name, &gitlab::job_hook::name);
  return found == hooks.end() ? std::vector<std::string>() : found->script;
}

void run_pre_hooks(exec::shell_writer& to, script_context const& job) {
  std::vector<std::string> lines;
  if (!job.runner.pre_get_sources_script.empty()) {
    lines.push_back(job.runner.pre_get_sources_script);
  }
  std::ranges::copy(hook_lines(job, pre_hook), std::back_inserter(lines));
  to.user_commands(lines, "pre_clone_script");
}

void run_post_hooks(exec::shell_writer& to, script_context const& job) {
  auto lines = hook_lines(job, post_hook);
  if (!job.runner.post_get_sources_script.empty()) {
    lines.push_back(job.runner.post_get_sources_script);
  }
  to.user_commands(lines, "post_clone_script");
}

bool has_hooks(script_context const& job) {
  return !job.runner.pre_get_sources_script.empty() ||
         !job.runner.post_get_sources_script.empty() || !job.payload.hooks.empty();
}

// The file that GIT_CONFIG_GLOBAL names: the user's own settings, then ours.
void write_seed_file(exec::shell_writer& to, script_context const& job) {
  if (!job.flags["FF_GIT_URLS_WITHOUT_TOKENS"]) return;
  auto const seed = to.temporary_file(temporary_file::git_seed);
  to.remove_file(seed);
  for (auto const* const users : {"$HOME/.gitconfig", "$HOME/.config/git/config"}) {
    to.if_readable(users);
    to.command_expand({"git", "config", "--file", seed, "--add", "include.path", users});
    to.end_if();
  }
  to.command_expand({"git", "config", "--file", seed, "--add", "include.path", external_file(to)});
}

void add_credential_helper(exec::shell_writer& to, script_context const& job,
                           git_access const& access) {
  if (!job.flags["FF_GIT_URLS_WITHOUT_TOKENS"] || !access.http) return;
  to.git_credential_helper(external_file(to), access.origin);
}

void write_external_file(exec::shell_writer& to, script_context const& job,
                         git_access const& access) {
  if (job.flags["FF_USE_GITALY_CORRELATION_ID"] && !job.correlation_id.empty()) {
    to.notice("Gitaly correlation ID: " + job.correlation_id);
  }
  to.write_file(external_file(to), external_git_configuration(job, git_credentials::headers));
  if (access.http) to.git_credential_helper(external_file(to), access.origin);
}

// From here on git is called by the job's own scripts.
void leave_external_file(exec::shell_writer& to, script_context const& job) {
  if (job.flags["FF_GIT_URLS_WITHOUT_TOKENS"]) return;
  to.write_file(external_file(to), external_git_configuration(job, git_credentials::rewrites));
}

void fetch_sources(exec::shell_writer& to, script_context const& job, git_access const& access) {
  bool const anew = job.settings.strategy == git_strategy::clone;
  if (anew) to.remove_directory(job.directories.project);
  remove_stale_git_files(to, job);
  auto const pattern = to.make_temporary_directory(temporary_file::git_template);
  write_external_file(to, job, access);
  write_template(to, pattern, external_file(to));
  bool const safe = job.runner.safe_directory_checkout.value_or(job.traits.safe_directory);
  if (safe) {
    to.command({"git", "config", "--global", "--add", "safe.directory", job.directories.project});
  }
  if (!anew || !job.flags["FF_USE_GIT_NATIVE_CLONE"]) {
    fetch_repository(to, job, access, pattern);
    return;
  }
  to.if_git_version_at_least("2.49");
  clone_repository(to, job, access, pattern);
  to.otherwise();
  fetch_repository(to, job, access, pattern);
  to.end_if();
}

void clean(exec::shell_writer& to, script_context const& job) {
  auto const command = clean_command(job.settings);
  if (!command) return;
  // What was just checked out anew has nothing to clean, unless a hook made it.
  bool const is_new = job.settings.strategy == git_strategy::clone &&
                      job.settings.clean_flags == std::vector<std::string>{default_clean_flags};
  if (is_new) to.if_directory(to.join(".git", "hooks"));
  to.command(*command);
  if (is_new) to.end_if();
}

void check_out(exec::shell_writer& to, script_context const& job, git_access const& access) {
  if (!job.settings.checkout) {
    to.notice("Skipping Git checkout");
    return;
  }
  auto const& info = job.payload.git_info;
  to.notice(fmt::format("Checking out {} as detached HEAD (ref is {})...", info.sha.substr(0, 8),
                        info.ref));
  exec::shell_writer::words checkout{"git", "-c", "submodule.recurse=false"};
  add_proactive_auth(checkout, job, access);
  checkout.insert(checkout.end(), {"checkout", "-f", "-q", info.sha});
  to.command(checkout);
  clean(to, job);
  if (job.settings.lfs_skip_smudge) return;
  to.if_git_lfs();
  to.command({"git", "lfs", "pull"});
  to.empty_line();
  to.end_if();
}

void without_git(exec::shell_writer& to, script_context const& job, git_access const& access) {
  auto const& project = job.directories.project;
  if (job.flags["FF_GIT_URLS_WITHOUT_TOKENS"]) {
    to.write_file(external_file(to), "");
    add_credential_helper(to, job, access);
  }
  if (job.settings.strategy == git_strategy::empty) {
    to.notice("Skipping Git repository setup and creating an empty build directory");
    to.remove_directory(project);
  } else {
    to.notice("Skipping Git repository setup");
  }
  to.make_directory(project);
  to.notice("Skipping Git checkout");
}

void set_environment(exec::shell_writer& to, script_context const& job) {
  to.variable("GIT_TERMINAL_PROMPT", "0");
  to.variable("GCM_INTERACTIVE", "Never");
  to.active_variable("GLR_EXT_GIT_CONFIG_PATH", external_file(to));
  write_seed_file(to, job);
}

// A disposable environment has a global configuration of its own.
void set_global_tls(exec::shell_writer& to, script_context const& job, git_access const& access) {
  if (job.traits.shared_environment) return;
  for (auto const& [key, value] : tls_configuration(job, access)) {
    to.command_expand({"git", "config", "--global", key, value});
  }
}

}  // namespace

std::optional<exec::shell_writer::words> clean_command(job_settings const& settings) {
  if (settings.clean_flags.empty()) return std::nullopt;
  exec::shell_writer::words command{"git", "clean"};
  std::ranges::copy(settings.clean_flags, std::back_inserter(command));
  return command;
}

attempt<std::string> get_sources_script(script_context const& job) {
  if (auto const wrong = check_submodule_settings(job.settings)) return *wrong;
  auto const writer = make_writer(job);
  auto& to = *writer;
  auto const access = git_access_of_job(job);
  bool const with_git = job.settings.git_is_used();
  // First, since all other directories for files are made with it.
  if (with_git) to.make_temporary_directory(temporary_file::git_template);
  export_variables(to, job);
  set_environment(to, job);
  set_global_tls(to, job, access);
  if (with_git) run_pre_hooks(to, job);
  if (with_git) {
    if (job.flags["FF_USE_GIT_PROACTIVE_AUTH"] && access.origin.empty()) {
      to.warning("proactive auth: repository host is empty, using unscoped config");
    }
    if (!job.settings.lfs_skip_smudge) to.variable("GIT_LFS_SKIP_SMUDGE", "1");
    fetch_sources(to, job, access);
    check_out(to, job, access);
  } else {
    without_git(to, job, access);
  }
  update_submodules(to, job);
  if (with_git) {
    leave_external_file(to, job);
    run_post_hooks(to, job);
  }
  fix_ownership(to, job, job.directories.builds);
  // Our own git commands find the token in a header or with a helper that keeps nothing.
  if (has_hooks(job)) reject_credentials(to, job);
  return finish(to, job);
}

std::string clear_worktree_script(script_context const& job) {
  auto const writer = make_writer(job);
  auto& to = *writer;
  to.notice("Deleting tracked and untracked files...");
  auto const& project = job.directories.project;
  to.if_directory(to.join(project, ".git"));
  to.change_directory(project);
  to.command({"git", "rm", "-r", "-f", "-q", "--ignore-unmatch", "."});
  to.command({"git", "clean", "-ffdxq"});
  to.end_if();
  return finish(to, job);
}

}  // namespace corunner
