#pragma once

#include <span>
#include <string>
#include <string_view>

#include "runner/pipeline/diagnostic.hpp"

namespace corunner::pipeline {

enum class keyword_status {
  evaluated,  // changes what runs, when, or with what
  carried,    // read, checked and handed on; we do nothing with it ourselves
  refused,    // an error that names it
  outside,    // not written in the file: a setting or option of the coordinator
};

struct keyword {
  std::string_view name;  // as in the list of all GitLab keywords
  keyword_status status;
  std::string_view reason = {};  // of refused and outside
};

// Every keyword of GitLab's `.gitlab-ci.yml` language and what becomes of it here.
std::span<keyword const> all_keywords();

// The keys that may stand in a job, and the ones that GitLab allows but we refuse.
std::span<std::string_view const> job_keys();
std::span<std::string_view const> refused_job_keys();

// The keys of `default:`.
std::span<std::string_view const> default_keys();

// Reports `name` as a keyword that GitLab knows and we do not support yet.
void refuse(diagnostics& errors, std::string_view file, position where, std::string_view name);

// The candidate that is nearest to `name`, when it is near enough to be what was meant.
std::string_view nearest_name(std::string_view name, std::span<std::string_view const> candidates);

}  // namespace corunner::pipeline
