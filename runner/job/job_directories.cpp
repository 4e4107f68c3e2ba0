#include "runner/job/job_directories.hpp"

#include "config/in_quotes.hpp"
#include "runner/gitlab/short_token.hpp"
#include "runner/job/git_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace corunner {
namespace {

namespace fs = std::filesystem;
using config::in_quotes;
using gitlab::failure_reason;

constexpr std::size_t longest_name = 63;

std::string default_directory(std::string_view name, directory_facts const& facts) {
  if (name.empty() || !facts.traits.default_dirs_here) return std::string(name);
  return (facts.working_directory / name).string();
}

// Without `.`, `..`, doubled and last slashes.
std::string cleaned(fs::path const& path) {
  auto text = path.lexically_normal().string();
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
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
  auto const builds = runner.builds_dir.empty() ? default_directory(facts.traits.builds_dir, facts)
                                                : runner.builds_dir;
  auto const cache = runner.cache_dir.empty() ? default_directory(facts.traits.cache_dir, facts)
                                              : runner.cache_dir;
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
  return job_directories{builds, cleaned(project), cleaned(fs::path(cache) / slug)};
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
  fs::path const path = cleaned(clone_path);
  fs::path const root = cleaned(directories.builds);
  if (path.is_absolute() != root.is_absolute()) {
    return misconfigured(fmt::format("Rel: can't make {} relative to {}", clone_path,
                                     directories.builds));
  }
  auto const relative = path.lexically_relative(root);
  if (relative.empty() || relative.string().starts_with("..")) {
    return misconfigured(fmt::format("the GIT_CLONE_PATH={} has to be within {}",
                                     in_quotes(clone_path), in_quotes(directories.builds)));
  }
  directories.project = path.string();
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
