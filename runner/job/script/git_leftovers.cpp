#include "runner/job/script/git_leftovers.hpp"

#include "runner/job/git_access.hpp"
#include "runner/job/script/git_context.hpp"
#include "runner/job/words.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <system_error>
#include <vector>

namespace corunner {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view stale_git_files[] = {"index.lock", "shallow.lock", "HEAD.lock",
                                                "config.lock", "hooks/post-checkout"};
// The same below .git/modules, where only the base name tells them.
constexpr std::string_view stale_module_files[] = {"index.lock", "shallow.lock", "HEAD.lock",
                                                   "config.lock", "post-checkout"};
constexpr std::string_view lock_suffix = ".lock";

bool cleans_git_config(script_context const& job) {
  bool const by_default =
      job.traits.clean_git_config && job.settings.strategy != git_strategy::none;
  return job.runner.clean_git_config.value_or(by_default);
}

bool remove_file(fs::path const& file) {
  return ::unlink(file.c_str()) == 0 || errno == ENOENT || errno == ENOTDIR;
}

std::string environment(char const* name) {
  auto const* value = std::getenv(name);
  return value ? value : "";
}

bool is_told_other_files() {
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (std::string_view(*entry).starts_with("GIT_CONFIG")) return true;
  }
  return false;
}

// Every git that could be meant keeps its system file beside the directory it is in, or in /etc.
void add_system_files(std::vector<fs::path>& files) {
  files.emplace_back("/etc/gitconfig");
  auto const path = environment("PATH");
  for (std::size_t at = 0; at <= path.size();) {
    auto const end = std::min(path.find(':', at), path.size());
    std::error_code not_there;
    auto const git = fs::canonical(fs::path(path.substr(at, end - at)) / "git", not_there);
    if (!not_there) files.push_back(git.parent_path().parent_path() / "etc/gitconfig");
    at = end + 1;
  }
}

std::vector<fs::path> configuration_files() {
  std::vector<fs::path> files;
  add_system_files(files);
  fs::path const home = environment("HOME");
  fs::path const configured = environment("XDG_CONFIG_HOME");
  files.push_back(home / ".gitconfig");
  files.push_back((configured.empty() ? home / ".config" : configured) / "git/config");
  return files;
}

// Of a section `[credential...`, from behind that word: the other form than ` "URL"]` is for all
// hosts.
bool is_of_other_host(std::string_view section, std::string_view host) {
  if (!section.starts_with(" \"")) return false;
  auto const url = section.substr(2, section.substr(2).find('"'));
  return url.find('*') == std::string_view::npos && url.find(host) == std::string_view::npos;
}

// Unsure is yes.
bool may_name_store(fs::path const& file, std::string_view host) {
  constexpr std::size_t most = 65536;
  constexpr std::string_view store = "[credential";
  std::error_code ec;
  auto const size = fs::file_size(file, ec);
  if (ec) return ec != std::errc::no_such_file_or_directory && ec != std::errc::not_a_directory;
  if (size > most) return true;
  std::ifstream in(file, std::ios::binary);
  auto const text = lower_case({std::istreambuf_iterator<char>(in), {}});
  if (!in || text.size() != size || text.find("[include") != std::string::npos) return true;
  for (auto at = text.find(store); at != std::string::npos; at = text.find(store, at)) {
    at += store.size();
    if (!is_of_other_host(std::string_view(text).substr(at), host)) return true;
  }
  return false;
}

}  // namespace

void remove_stale_git_files(exec::shell_writer& to, script_context const& job) {
  auto const git = to.join(job.directories.project, ".git");
  auto const modules = to.join(git, "modules");
  bool const with_modules = job.settings.submodules_are_used();
  for (auto const name : stale_git_files) to.remove_file(to.join(git, name));
  to.remove_files_recursive(to.join(git, "refs"), fmt::format("*{}", lock_suffix));
  if (with_modules) {
    for (auto const name : stale_module_files) to.remove_files_recursive(modules, name);
  }
  if (!cleans_git_config(job)) return;
  auto const pattern = to.join(job.directories.temporary(), temporary_file::git_template);
  for (auto const& where : {pattern, git}) {
    to.remove_file(to.join(where, "config"));
    to.remove_directory(to.join(where, "hooks"));
  }
  if (!with_modules) return;
  to.remove_files_recursive(modules, "config");
  to.remove_directories_recursive(modules, "hooks");
}

bool has_stale_files_only(script_context const& job) {
  return !job.settings.submodules_are_used() && !cleans_git_config(job);
}

bool remove_stale_git_files(fs::path const& git) {
  for (auto const name : stale_git_files) {
    if (!remove_file(git / name)) return false;
  }
  auto const refs = git / "refs";
  std::error_code ec;
  if (!fs::is_directory(fs::symlink_status(refs, ec))) return true;
  for (fs::recursive_directory_iterator at(refs, ec), end; !ec && at != end; at.increment(ec)) {
    bool const file = fs::is_regular_file(at->symlink_status(ec));
    if (ec) return false;
    bool const lock = file && at->path().filename().string().ends_with(lock_suffix);
    if (lock && !remove_file(at->path())) return false;
  }
  return !ec;
}

std::string origin_to_reject(script_context const& job) {
  auto const access = git_access_of_job(job);
  return job.settings.git_is_used() && access.takes_credentials ? access.origin : std::string();
}

void reject_credentials(exec::shell_writer& to, script_context const& job) {
  auto const origin = origin_to_reject(job);
  // Without git's help from us there is nothing of ours to forget, and no git is started for it.
  if (origin.empty()) return;
  to.command_with_input(fmt::format("url={}\nusername={}\n", origin, git_user),
                        {"git", "credential", "reject"}, true);
}

bool may_have_credential_store(std::string_view origin) {
  if (environment("HOME").empty() || is_told_other_files()) return true;
  auto host = lower_case(std::string(origin));
  host.erase(0, host.rfind('/') + 1);
  host.erase(std::min(host.find(':'), host.size()));
  return host.empty() || std::ranges::any_of(configuration_files(), [&host](auto const& file) {
           return may_name_store(file, host);
         });
}

bool directs_git(job_variables const& variables) {
  return std::ranges::any_of(variables.all(), [](auto const& one) {
    std::string_view const name = one.key;
    return name.starts_with("GIT_CONFIG") || name == "GIT_DIR" || name == "HOME" ||
           name == "XDG_CONFIG_HOME" || name == "PATH";
  });
}

}  // namespace corunner
