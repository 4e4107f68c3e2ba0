#pragma once

#include <string_view>

namespace corunner {

// What a job has to know of the kind of its executor before there is one.
struct executor_traits {
  std::string_view name;
  std::string_view builds_dir;       // when the configuration names none; empty: it must
  std::string_view cache_dir;
  bool shared_builds_dir = true;     // the build directory holds token and slot
  bool custom_build_dir = false;     // GIT_CLONE_PATH is allowed, unless configured
  bool safe_directory = false;       // git must be told to trust the build directory
  bool shared_environment = true;    // reused between jobs; false: disposable
  bool shows_runner_host = false;    // "Running on x via <host>..."
  bool login_shell = false;
  bool clean_git_config = true;      // unless configured, and not with strategy none
  bool default_dirs_here = false;    // default directories are below the working directory
  std::string_view helper;           // of the artifact and cache commands; "@": this very program
};

// The row of that executor; a row of defaults for a name that is not in the table.
// job-lifecycle.md 12
executor_traits const& traits_of(std::string_view executor);

}  // namespace corunner
