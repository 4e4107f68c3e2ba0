#pragma once

#include "config/config.hpp"
#include "runner/gitlab/job_payload.hpp"
#include "runner/job/executor_traits.hpp"
#include "runner/job/job_failure.hpp"
#include "runner/job/job_settings.hpp"

#include <filesystem>
#include <string>

namespace corunner {

// Where a job keeps its files. job-lifecycle.md 12
struct job_directories {
  std::string builds;    // CI_BUILDS_DIR: the root of all build directories
  std::string project;   // CI_PROJECT_DIR: the sources
  std::string cache;     // of this project
  // Beside the project: file variables, GITLAB_ENV, git configuration.
  std::string temporary() const { return project + ".tmp"; }
};

// What the directories depend on.
struct directory_facts {
  config::runner_entry const& runner;
  gitlab::job_payload const& payload;
  executor_traits const& traits;
  git_strategy strategy = git_strategy::clone;
  int concurrent_project_id = 0;
  std::filesystem::path working_directory;
};

// The standard directories, or why there are none (runner_configuration_error).
attempt<job_directories> standard_directories(directory_facts const& facts);

// Puts the sources where the job wants them (GIT_CLONE_PATH, expanded), if that is allowed and
// inside the builds directory. An empty path changes nothing.
attempt<job_directories> with_clone_path(job_directories directories,
                                         directory_facts const& facts,
                                         std::string const& clone_path);

// Names for what an executor makes outside of directories: containers, networks, volumes.
struct unique_names {
  std::string project;      // runner-<short>-project-<id>-concurrent-<n>
  std::string job;          // runner-<short>-<project>-<n>-<job>: CI_BUILD_NETWORK_NAME
};
unique_names unique_names_of(std::string_view short_token, gitlab::job_payload const& payload,
                             int concurrent_project_id);

}  // namespace corunner
