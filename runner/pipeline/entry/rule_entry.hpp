#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "runner/pipeline/entry/reader.hpp"
#include "runner/pipeline/expression/statement.hpp"
#include "runner/pipeline/pipeline.hpp"

namespace corunner::pipeline::entry {

// One entry of `needs` as written.
struct need_entry {
  std::string job;
  bool artifacts = true;
  bool optional = false;
  position where;
  std::string file;
};

// `changes` or `exists`.
struct path_clause {
  std::vector<std::string> paths;
  std::string compare_to;
  position where;
};

// One rule of a job, of the workflow, or of an include.
struct rule_entry {
  std::optional<expression::statement> condition;
  std::optional<path_clause> changes;
  std::optional<path_clause> exists;
  std::string when;  // empty: not given
  std::optional<std::chrono::seconds> start_in;
  std::optional<bool> allow_failure;
  std::optional<bool> interruptible;
  std::vector<variable> variables;
  std::optional<std::vector<need_entry>> needs;
  bool auto_cancel_all = false;  // workflow:rules:auto_cancel:on_job_failure: all
  position where;
  std::string file;
};

enum class rule_place { job, workflow, include };

rule_entry read_rule(diagnostics& errors, node const& value, std::string const& path,
                     rule_place place);
std::vector<rule_entry> read_rules(diagnostics& errors, node const& value, std::string const& path,
                                   rule_place place);

std::vector<need_entry> read_needs(diagnostics& errors, node const& value,
                                   std::string const& path);

// `workflow:auto_cancel`, whether the rest is canceled when a job fails.
bool read_auto_cancel(diagnostics& errors, node const& value, std::string const& path);

// Decides rules: asks for the repository's files only when a clause needs them.
class rule_matcher {
 public:
  explicit rule_matcher(file_reader& files) : files_(files) {}

  // Whether all clauses of the rule hold. `variables` are looked at unexpanded by `if`.
  bool holds(rule_entry const& rule, variable_list const& variables, diagnostics& errors);

  // The first rule that holds; null when none does.
  rule_entry const* first(std::vector<rule_entry> const& rules, variable_list const& variables,
                          diagnostics& errors);

 private:
  bool changed(path_clause const& clause, rule_entry const& rule, variable_list const& variables,
               diagnostics& errors);
  bool exists(path_clause const& clause, variable_list const& variables);

  file_reader& files_;
  std::optional<std::vector<std::string>> all_files_;
};

}  // namespace corunner::pipeline::entry
