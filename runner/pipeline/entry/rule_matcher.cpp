#include <fmt/format.h>

#include "runner/pipeline/entry/rule_entry.hpp"
#include "runner/pipeline/glob.hpp"

namespace corunner::pipeline::entry {
namespace {

// GitLab gives up and says yes when there would be more comparisons.
constexpr std::size_t comparison_limit = 50'000;

std::vector<std::string> expanded(std::vector<std::string> const& paths,
                                  variable_list const& variables) {
  variable_list const values = expand_all(variables).variables;
  std::vector<std::string> out;
  for (std::string const& path : paths) {
    out.push_back(expand(path, values, undefined_reference::keep));
  }
  return out;
}

bool any_matches(std::vector<std::string> const& patterns, std::vector<std::string> const& files) {
  if (patterns.size() * files.size() > comparison_limit) return true;
  for (std::string const& pattern : patterns) {
    glob const wanted(pattern);
    for (std::string const& file : files) {
      if (wanted.matches(file)) return true;
    }
  }
  return false;
}

bool is_directory_pattern(std::string const& pattern) {
  return pattern.ends_with('/') && pattern.find_first_of("*?[{\\") == std::string::npos;
}

}  // namespace

bool rule_matcher::changed(path_clause const& clause, rule_entry const& rule,
                           variable_list const& variables, diagnostics& errors) {
  std::string const compare_to =
      expand(clause.compare_to, expand_all(variables).variables, undefined_reference::keep);
  if (!compare_to.empty() && !files_.has_ref(compare_to)) {
    errors.add(rule.file, clause.where, "", "rules:changes:compare_to is not a valid ref");
    return false;
  }
  std::optional<std::vector<std::string>> const paths = files_.changed_paths(compare_to);
  return !paths || any_matches(expanded(clause.paths, variables), *paths);
}

bool rule_matcher::exists(path_clause const& clause, variable_list const& variables) {
  if (!all_files_) all_files_ = files_.list();
  std::vector<std::string> patterns;
  for (std::string const& pattern : expanded(clause.paths, variables)) {
    if (!is_directory_pattern(pattern)) {
      patterns.push_back(pattern);
      continue;
    }
    for (std::string const& file : *all_files_) {
      if (file.starts_with(pattern)) return true;
    }
  }
  return any_matches(patterns, *all_files_);
}

bool rule_matcher::holds(rule_entry const& rule, variable_list const& variables,
                         diagnostics& errors) {
  expression::lookup const look_up = [&](std::string_view name) { return variables.value(name); };
  if (rule.condition && !rule.condition->holds(look_up)) return false;
  if (rule.changes && !changed(*rule.changes, rule, variables, errors)) return false;
  return !rule.exists || exists(*rule.exists, variables);
}

rule_entry const* rule_matcher::first(std::vector<rule_entry> const& rules,
                                      variable_list const& variables, diagnostics& errors) {
  for (rule_entry const& rule : rules) {
    if (holds(rule, variables, errors)) return &rule;
  }
  return nullptr;
}

}  // namespace corunner::pipeline::entry
