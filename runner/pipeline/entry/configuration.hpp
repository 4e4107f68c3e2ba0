#pragma once

#include "runner/pipeline/entry/job_entry.hpp"

namespace corunner::pipeline::entry {

// A whole configuration as written, includes, `extends` and references resolved.
struct configuration {
  std::vector<std::string> stages;  // .pre and .post included
  std::vector<variable> variables;
  std::string workflow_name;
  std::optional<std::vector<rule_entry>> workflow_rules;
  bool auto_cancel_all = false;
  std::vector<job_entry> jobs;  // instances of parallel jobs are not made yet
};

configuration read_configuration(diagnostics& errors, node const& root);

}  // namespace corunner::pipeline::entry
