#pragma once

#include "runner/pipeline/entry/job_parts.hpp"

namespace corunner::pipeline::entry {

// A visible job as written, `extends`, references and defaults applied, rules not yet decided.
struct job_entry {
  job_definition base;  // without what the other members decide; variables are the job's own
  std::optional<job_when> when;
  std::optional<allow_failure_entry> allow_failure;
  std::optional<std::vector<rule_entry>> rules;
  std::optional<ref_policy> only;
  std::optional<ref_policy> except;
  std::optional<std::vector<need_entry>> needs;
  std::vector<cache_entry> cache;
  parallel_entry parallel;
  inherit_entry inherit;

  std::string file;
  position where;  // of the job's name
  position stage_where;
  position dependencies_where;
  position environment_where;
};

// Reads one job. `defaults` holds the keywords of `default:` and of the deprecated top level.
job_entry read_job(diagnostics& errors, node::entry const& written, node const& defaults);

// Reads the values of `defaults` once, so that their mistakes are reported where they stand even
// when no job takes them.
void check_defaults(diagnostics& errors, node const& defaults, std::string const& path);

}  // namespace corunner::pipeline::entry
