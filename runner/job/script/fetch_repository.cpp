#include "runner/job/script/fetch_repository.hpp"

#include "runner/job/script/repository_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace corunner {
namespace {

// How git that talks to the server begins.
exec::shell_writer::words git_command(script_context const& job, git_access const& access) {
  exec::shell_writer::words git{"git", "-c", "http.userAgent=" + job.program};
  add_proactive_auth(git, job, access);
  return git;
}

void init_repository(exec::shell_writer& to, script_context const& job, git_access const& access,
                     std::string const& pattern) {
  auto const& project = job.directories.project;
  exec::shell_writer::words init{"git", "init", project, "--template", pattern};
  auto const& format = job.payload.git_info.repo_object_format;
  if (!format.empty() && format != "sha1") init.insert(init.end(), {"--object-format", format});
  bool const may_be_there = job.settings.strategy != git_strategy::clone;
  if (may_be_there) {
    // Also of another kind than those that we make: a file that names a directory elsewhere.
    to.if_file(to.join(project, ".git"));
    to.command(init);
    to.change_directory(project);
    update_origin(to, access, external_file(to));
    to.otherwise();
  }
  to.command(init);
  to.change_directory(project);
  write_origin(to, access, external_file(to));
  if (may_be_there) to.end_if();
}

}  // namespace

void fetch_repository(exec::shell_writer& to, script_context const& job, git_access const& access,
                      std::string const& pattern) {
  auto const& info = job.payload.git_info;
  to.notice(info.depth > 0 ? fmt::format("Fetching changes with git depth set to {}...", info.depth)
                           : "Fetching changes...");
  init_repository(to, job, access, pattern);
  auto fetch = git_command(job, access);
  fetch.insert(fetch.end(), {"fetch", "origin", "--no-recurse-submodules"});
  std::ranges::copy(info.refspecs, std::back_inserter(fetch));
  if (info.depth > 0) fetch.insert(fetch.end(), {"--depth", std::to_string(info.depth)});
  std::ranges::copy(job.settings.fetch_flags, std::back_inserter(fetch));
  if (info.depth > 0) {
    to.command(fetch);
    return;
  }
  auto unshallow = fetch;
  unshallow.push_back("--unshallow");
  to.if_file(".git/shallow");
  to.command(unshallow);
  to.otherwise();
  to.command(fetch);
  to.end_if();
}

void clone_repository(exec::shell_writer& to, script_context const& job, git_access const& access,
                      std::string const& pattern) {
  auto const& info = job.payload.git_info;
  auto const which = info.ref.empty() ? std::string() : " for " + info.ref;
  auto const depth =
      info.depth > 0 ? fmt::format(" with git depth set to {}", info.depth) : std::string();
  to.notice(fmt::format("Cloning repository{}{}...", which, depth));
  auto clone = git_command(job, access);
  clone.insert(clone.end(), {"clone", "--no-checkout", access.remote, job.directories.project,
                             "--template", pattern});
  if (info.depth > 0) clone.insert(clone.end(), {"--depth", std::to_string(info.depth)});
  if (info.ref.starts_with("refs/")) {
    clone.insert(clone.end(), {"--revision", info.ref});
  } else if (!info.ref.empty()) {
    clone.insert(clone.end(), {"--branch", info.ref});
  }
  std::ranges::copy(job.settings.clone_flags, std::back_inserter(clone));
  to.command(clone);
  to.change_directory(job.directories.project);
}

void add_proactive_auth(exec::shell_writer::words& git, script_context const& job,
                        git_access const& access) {
  if (!job.flags["FF_USE_GIT_PROACTIVE_AUTH"]) return;
  auto const scope = access.origin.empty() ? "" : access.origin + ".";
  git.insert(git.end(), {"-c", fmt::format("http.{}proactiveAuth=basic", scope)});
}

std::string external_file(exec::shell_writer& to) {
  return to.temporary_file(temporary_file::git_external);
}

}  // namespace corunner
