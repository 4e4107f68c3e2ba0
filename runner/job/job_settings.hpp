#pragma once

#include "runner/job/job_variable.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace corunner {

enum class git_strategy { clone, fetch, none, empty };
enum class submodule_strategy { none, normal, recursive, invalid };

inline constexpr char const* default_clean_flags = "-ffdx";

// What a job sets by variables for the runner itself. job-lifecycle.md 3.1
struct job_settings {
  bool debug_trace = false;              // CI_DEBUG_TRACE
  bool debug_services = false;           // CI_DEBUG_SERVICES

  git_strategy strategy = git_strategy::clone;
  bool checkout = true;                  // GIT_CHECKOUT; off with strategy none and empty
  bool lfs_skip_smudge = false;          // GIT_LFS_SKIP_SMUDGE
  std::vector<std::string> clean_flags;  // GIT_CLEAN_FLAGS; empty: no clean
  std::vector<std::string> fetch_flags;  // GIT_FETCH_EXTRA_FLAGS
  std::vector<std::string> clone_flags;  // GIT_CLONE_EXTRA_FLAGS

  submodule_strategy submodules = submodule_strategy::none;
  int submodule_depth = 0;               // GIT_SUBMODULE_DEPTH, else the depth of the payload
  std::vector<std::string> submodule_paths;
  std::vector<std::string> submodule_update_flags;
  bool submodule_force_https = false;

  int get_sources_attempts = 1;
  int restore_cache_attempts = 1;
  int artifact_download_attempts = 1;
  int executor_job_section_attempts = 1;
  int secrets_retrieval_attempts = 1;

  bool after_script_ignore_errors = true;
  int cache_request_timeout = 10;        // minutes

  bool git_is_used() const {
    return strategy == git_strategy::fetch || strategy == git_strategy::clone;
  }
  bool submodules_are_used() const {
    return submodules == submodule_strategy::normal || submodules == submodule_strategy::recursive;
  }
};

// What a setting falls back to that is not in the variables.
struct settings_defaults {
  bool allow_git_fetch = false;       // of the payload
  int depth = 0;                      // git_info.depth
  bool debug_trace_disabled = false;  // of the configuration
};

struct read_settings {
  job_settings settings;
  std::vector<std::string> warnings;  // what could not be read, one text each
};

// Reads the settings from the expanded variables of a job. Bad values are warned about and the
// default is used.
read_settings read_job_settings(job_variables const& variables, settings_defaults const& defaults);

}  // namespace corunner
