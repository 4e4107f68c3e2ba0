#include "runner/job/job_directories.hpp"

#include "runner/gitlab/short_token.hpp"
#include "runner/job/git_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace corunner {
namespace {

namespace fs = std::filesystem;
using gitlab::failure_reason;

constexpr std::size_t longest_name = 63;

std::string default_directory(std::string_view name, directory_facts const& facts) {
  if (name.empty() || !facts.traits.default_dirs_here) return std::string(name);
  return (facts.working_directory / name).string();
}

std::string without_trailing_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

job_failure misconfigured(std::string message) {
  return build_failure(std::move(message), failure_reason::runner_configuration_error);
}

// Lower case, only [-a-z0-9], begins with a letter or digit, 63 bytes: good for DNS and Docker.
std::string dns_label(std::string_view text) {
  std::string out;
  for (unsigned char const c : text) {
    auto const lower = static_cast<char>(std::tolower(c));
    bool const alphanumeric = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    if (alphanumeric || (lower == '-' && !out.empty())) out += lower;
  }
  out.resize(std::min(out.size(), longest_name));
  return out;
}

}  // namespace

attempt<job_directories> standard_directories(directory_facts const& facts) {
  auto const& runner = facts.runner;
  auto const builds = runner.builds_dir.empty()
                          ? default_directory(facts.traits.builds_dir, facts)
                          : without_trailing_slash(runner.builds_dir);
  auto const cache = runner.cache_dir.empty() ? default_directory(facts.traits.cache_dir, facts)
                                              : without_trailing_slash(runner.cache_dir);
  if (builds.empty()) return misconfigured("the builds_dir is not configured");
  if (cache.empty()) return misconfigured("the cache_dir is not configured");

  auto slug = project_slug(facts.payload.git_info.repo_url, facts.payload.job_info.project_id);
  if (facts.strategy == git_strategy::empty) slug += "-empty";
  auto project = fs::path(builds);
  if (facts.traits.shared_builds_dir) {
    project /= gitlab::short_token(runner.token.reveal());
    project /= std::to_string(facts.concurrent_project_id);
  }
  project /= slug;
  return job_directories{builds, project.string(), (fs::path(cache) / slug).string()};
}

attempt<job_directories> with_clone_path(job_directories directories,
                                         directory_facts const& facts,
                                         std::string const& clone_path) {
  if (clone_path.empty()) return directories;
  bool const allowed =
      facts.runner.custom_build_dir.enabled.value_or(facts.traits.custom_build_dir);
  if (!allowed) {
    return misconfigured(
        "setting GIT_CLONE_PATH is not allowed, enable `custom_build_dir` feature");
  }
  auto const path = fs::path(clone_path).lexically_normal();
  auto const relative = path.lexically_relative(fs::path(directories.builds).lexically_normal());
  if (relative.empty() || relative.string().starts_with("..")) {
    return misconfigured(fmt::format("the GIT_CLONE_PATH=\"{}\" has to be within \"{}\"",
                                     clone_path, directories.builds));
  }
  directories.project = without_trailing_slash(path.string());
  return directories;
}

unique_names unique_names_of(std::string_view short_token, gitlab::job_payload const& payload,
                             int concurrent_project_id) {
  auto const project = payload.job_info.project_id;
  return {dns_label(fmt::format("runner-{}-project-{}-concurrent-{}", short_token, project,
                                concurrent_project_id)),
          dns_label(fmt::format("runner-{}-{}-{}-{}", short_token, project, concurrent_project_id,
                                payload.id))};
}

}  // namespace corunner
