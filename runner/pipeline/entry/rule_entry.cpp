#include "runner/pipeline/entry/rule_entry.hpp"

#include <fmt/format.h>

#include <array>

namespace corunner::pipeline::entry {
namespace {

constexpr std::size_t path_limit = 50;
constexpr std::chrono::seconds one_week{7 * 24 * 3600};

constexpr std::array<std::string_view, 9> job_rule_keys{
    "if",        "changes", "exists", "when",         "start_in", "allow_failure",
    "variables", "needs",   "interruptible"};
constexpr std::array<std::string_view, 6> workflow_rule_keys{"if",        "changes", "exists",
                                                             "variables", "when",    "auto_cancel"};
constexpr std::array<std::string_view, 4> include_rule_keys{"if", "changes", "exists", "when"};

constexpr std::array<std::string_view, 6> job_rule_whens{"on_success", "on_failure", "always",
                                                         "never",      "manual",     "delayed"};
constexpr std::array<std::string_view, 2> workflow_rule_whens{"always", "never"};

key_set keys_of(rule_place place) {
  switch (place) {
    case rule_place::workflow:
      return {workflow_rule_keys};
    case rule_place::include:
      return {include_rule_keys};
    default:
      return {job_rule_keys};
  }
}

path_clause read_paths(diagnostics& errors, node const& value, std::string const& path,
                       bool changes) {
  static constexpr std::array<std::string_view, 2> changes_keys{"paths", "compare_to"};
  static constexpr std::array<std::string_view, 1> exists_keys{"paths"};
  static constexpr std::array<std::string_view, 1> changes_refused{"regexp"};
  static constexpr std::array<std::string_view, 3> exists_refused{"project", "ref", "regexp"};

  path_clause out;
  out.where = value.where;
  node const* paths = &value;
  if (value.is_mapping()) {
    key_set keys{exists_keys, exists_refused, "rules:exists:"};
    if (changes) keys = {changes_keys, changes_refused, "rules:changes:"};
    check_mapping(errors, value, path, keys);
    paths = given(value, "paths");
    if (!paths) {
      if (!value.find("regexp")) fail(errors, value, path, "paths can't be blank");
      return out;
    }
    if (node const* const to = given(value, "compare_to")) {
      out.compare_to = read_string(errors, *to, path + ":compare_to");
    }
  }
  out.paths = read_nested_strings(errors, *paths, path, false);
  if (out.paths.size() > path_limit) {
    fail(errors, *paths, path, fmt::format("config has too many entries (maximum {})", path_limit));
  }
  return out;
}

void read_condition(diagnostics& errors, node const& value, std::string const& path,
                    rule_entry& out) {
  if (!value.is_string()) {
    fail(errors, value, path, "if should be a string");
    return;
  }
  expression::parsed parsed = expression::parse(value.text);
  if (!parsed.result) {
    fail(errors, value, path, fmt::format("if invalid expression syntax: {}", parsed.error));
    return;
  }
  out.condition = std::move(parsed.result);
}

void read_job_parts(diagnostics& errors, node const& value, std::string const& path,
                    rule_entry& out) {
  if (node const* const a = given(value, "allow_failure")) {
    out.allow_failure = read_boolean(errors, *a, path + ":allow_failure");
  }
  if (node const* const i = given(value, "interruptible")) {
    out.interruptible = read_boolean(errors, *i, path + ":interruptible");
  }
  if (node const* const n = given(value, "needs")) {
    out.needs = read_needs(errors, *n, path + ":needs");
  }
  node const* const start_in = given(value, "start_in");
  bool const delayed = out.when == "delayed";
  if (start_in && !delayed) fail(errors, *start_in, path, "start in must be blank");
  if (!start_in && delayed) fail(errors, value, path, "start in should be a duration");
  if (start_in && delayed) {
    out.start_in = read_duration(errors, *start_in, path, "start in", one_week);
  }
}

}  // namespace

rule_entry read_rule(diagnostics& errors, node const& value, std::string const& path,
                     rule_place place) {
  rule_entry out;
  out.where = value.where;
  out.file = value.file_name();
  if (!check_mapping(errors, value, path, keys_of(place))) return out;
  if (node const* const condition = given(value, "if")) {
    read_condition(errors, *condition, path, out);
  }
  if (node const* const c = given(value, "changes")) {
    out.changes = read_paths(errors, *c, path + ":changes", true);
  }
  if (node const* const e = given(value, "exists")) {
    out.exists = read_paths(errors, *e, path + ":exists", false);
  }
  if (node const* const w = given(value, "when")) {
    std::span<std::string_view const> choices = workflow_rule_whens;
    if (place == rule_place::job) choices = job_rule_whens;
    out.when = read_choice(errors, *w, path, "when", choices);
  }
  node const* const variables = given(value, "variables");
  if (variables && place != rule_place::include) {
    out.variables = read_variables(errors, *variables, path + ":variables", variable_form::scalars);
  }
  if (place == rule_place::job) read_job_parts(errors, value, path, out);
  node const* const auto_cancel = given(value, "auto_cancel");
  if (auto_cancel && place == rule_place::workflow) {
    out.auto_cancel_all = read_auto_cancel(errors, *auto_cancel, path + ":auto_cancel");
  }
  return out;
}

std::vector<rule_entry> read_rules(diagnostics& errors, node const& value, std::string const& path,
                                   rule_place place) {
  std::vector<rule_entry> out;
  if (!value.is_sequence()) {
    fail(errors, value, path, "config should be an array");
    return out;
  }
  for (node const* const item : flatten(value)) {
    out.push_back(read_rule(errors, *item, path + ":rule", place));
  }
  return out;
}

bool read_auto_cancel(diagnostics& errors, node const& value, std::string const& path) {
  static constexpr std::array<std::string_view, 2> keys{"on_new_commit", "on_job_failure"};
  static constexpr std::array<std::string_view, 3> commit_choices{"conservative", "interruptible",
                                                                  "none"};
  static constexpr std::array<std::string_view, 2> failure_choices{"none", "all"};
  if (!check_mapping(errors, value, path, {keys})) return false;
  if (node const* const c = given(value, "on_new_commit")) {
    read_choice(errors, *c, path, "on new commit", commit_choices);
  }
  node const* const f = given(value, "on_job_failure");
  return f && read_choice(errors, *f, path, "on job failure", failure_choices) == "all";
}

std::vector<need_entry> read_needs(diagnostics& errors, node const& value,
                                   std::string const& path) {
  static constexpr std::array<std::string_view, 3> keys{"job", "artifacts", "optional"};
  static constexpr std::array<std::string_view, 4> refused{"parallel", "pipeline", "project",
                                                           "ref"};
  std::vector<need_entry> out;
  if (!value.is_sequence()) {
    fail(errors, value, path, "config can only be a hash or an array");
    return out;
  }
  for (node const* const item : flatten(value)) {
    need_entry need;
    need.where = item->where;
    need.file = item->file_name();
    if (item->is_string()) {
      need.job = item->text;
      out.push_back(std::move(need));
      continue;
    }
    std::size_t const before = errors.size();
    if (!check_mapping(errors, *item, path + ":need", {keys, refused, "needs:"})) continue;
    if (node const* const job = given(*item, "job")) {
      need.job = read_string(errors, *job, path + ":need:job");
    } else if (errors.size() == before) {
      fail(errors, *item, path + ":need", "job can't be blank");
    }
    if (node const* const a = given(*item, "artifacts")) {
      need.artifacts = read_boolean(errors, *a, path + ":need:artifacts");
    }
    if (node const* const o = given(*item, "optional")) {
      need.optional = read_boolean(errors, *o, path + ":need:optional");
    }
    if (!need.job.empty()) out.push_back(std::move(need));
  }
  return out;
}

}  // namespace corunner::pipeline::entry
