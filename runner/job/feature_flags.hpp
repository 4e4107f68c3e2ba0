#pragma once

#include "runner/job/job_variable.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// A switch that jobs and configuration may turn. parity: GitLab Runner 19.4
struct feature_flag {
  std::string_view name;
  bool by_default = false;
};

// All flags, in the order in which they are exported and listed.
std::span<feature_flag const> all_feature_flags();

// True for the names of flags that once were: accepted, without effect.
bool is_removed_feature_flag(std::string_view name);

// A flag that is read outside jobs: from [runners.feature_flags] alone, else its default.
bool runner_flag(std::map<std::string, bool> const& configured, std::string_view name);

// The flags of one job. Precedence: configuration, then job variable (the last one), then
// `environment` of the runner entry, then the default.
class feature_flags {
 public:
  using settings = std::map<std::string, bool>;

  // `variables` holds the job's definitions after the environment's, expanded.
  feature_flags(settings const& configured, job_variables const& variables);

  bool operator[](std::string_view name) const;

  // What could not be read, one text for each flag.
  std::vector<std::string> const& errors() const { return errors_; }

  // "FF_A:true, FF_B:false" of the flags that differ from their default; empty when none does.
  std::string non_default() const;

 private:
  std::vector<bool> values_;
  std::vector<std::string> errors_;
};

}  // namespace corunner
