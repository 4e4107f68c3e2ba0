#include "runner/pipeline/planning/selection.hpp"

#include <algorithm>
#include <array>

#include "runner/pipeline/glob.hpp"

namespace corunner::pipeline::planning {
namespace {

using entry::ref_policy;

// Names that stand for a kind of pipeline.
struct source_name {
  std::string_view name;
  std::string_view kind;
};

constexpr std::array<source_name, 10> source_names{{
    {"merge_requests", "merge_request_event"},
    {"pushes", "push"},
    {"web", "web"},
    {"api", "api"},
    {"schedules", "schedule"},
    {"triggers", "trigger"},
    {"pipelines", "pipeline"},
    {"external", "external"},
    {"external_pull_requests", "external_pull_request_event"},
    {"chat", "chat"},
}};

bool is_branch(pipeline_source const& source) {
  return !source.commit.is_tag && !source.merge_request && source.kind != "merge_request_event";
}

// `entry` without a trailing `@group/project`; nothing when it is for another project.
std::optional<std::string_view> for_project(std::string_view written, std::string const& project) {
  std::size_t const at = written.rfind('@');
  if (at == std::string_view::npos) return written;
  std::string_view const head = written.substr(0, at);
  bool const inside_pattern = written.starts_with('/') && !expression::looks_like_pattern(head);
  if (inside_pattern) return written;
  if (written.substr(at + 1) != project) return std::nullopt;
  return head;
}

bool ref_matches(std::string_view written, pipeline_source const& source) {
  std::optional<std::string_view> const name = for_project(written, source.project.path);
  if (!name) return false;
  if (name->starts_with('/')) return expression::search(source.commit.ref, *name).value_or(false);
  if (*name == "branches" && is_branch(source)) return true;
  if (*name == "tags" && source.commit.is_tag) return true;
  for (source_name const& s : source_names) {
    if (*name == s.name && source.kind == s.kind) return true;
  }
  return *name == source.commit.ref || *name == source.kind;
}

bool refs_match(ref_policy const& policy, pipeline_source const& source) {
  return std::ranges::any_of(policy.refs,
                             [&](std::string const& ref) { return ref_matches(ref, source); });
}

bool variables_match(ref_policy const& policy, variable_list const& variables) {
  expression::lookup const look_up = [&](std::string_view name) { return variables.value(name); };
  return std::ranges::any_of(policy.variables,
                             [&](auto const& statement) { return statement.holds(look_up); });
}

bool changes_match(ref_policy const& policy, variable_list const& variables, file_reader& files) {
  std::optional<std::vector<std::string>> const changed = files.changed_paths({});
  if (!changed) return true;
  variable_list const values = expand_all(variables).variables;
  for (std::string const& pattern : policy.changes->paths) {
    glob const wanted(expand(pattern, values, undefined_reference::keep));
    for (std::string const& path : *changed) {
      if (wanted.matches(path)) return true;
    }
  }
  return false;
}

}  // namespace

bool policies_allow(entry::job_entry const& job, pipeline_source const& source,
                    variable_list const& variables, file_reader& files, bool implicit_refs) {
  bool const branch_or_tag = source.commit.is_tag || is_branch(source);
  if (job.only) {
    ref_policy const& only = *job.only;
    // Without refs GitLab assumes branches and tags.
    bool const refs = only.refs.empty() ? branch_or_tag : refs_match(only, source);
    bool const others = (only.variables.empty() || variables_match(only, variables)) &&
                        (!only.changes || changes_match(only, variables, files));
    // No cluster is ever connected to the embedded coordinator.
    if (!refs || !others || only.kubernetes) return false;
  } else if (implicit_refs && !branch_or_tag) {
    return false;
  }
  if (!job.except) return true;
  ref_policy const& except = *job.except;
  return !refs_match(except, source) && !variables_match(except, variables) &&
         !(except.changes && changes_match(except, variables, files));
}

}  // namespace corunner::pipeline::planning
