#include "runner/pipeline/entry/configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "runner/pipeline/keywords.hpp"

namespace corunner::pipeline::entry {
namespace {

constexpr std::array<std::string_view, 10> reserved_keys{
    "default",      "include",   "before_script", "image", "services",
    "after_script", "variables", "stages",        "cache", "workflow"};

// The deprecated way to write defaults.
constexpr std::array<std::string_view, 5> global_defaults{"image", "services", "cache",
                                                          "before_script", "after_script"};

constexpr std::array<std::string_view, 2> refused_defaults{"id_tokens", "identity"};

std::vector<std::string> read_stages(diagnostics& errors, node const& root) {
  std::vector<std::string> given_stages{"build", "test", "deploy"};
  if (node const* const found = given(root, "stages")) {
    given_stages = read_nested_strings(errors, *found, "stages", false);
  }
  std::vector<std::string> out{".pre"};
  for (std::string& stage : given_stages) {
    bool const edge = stage == ".pre" || stage == ".post";
    if (!edge && std::ranges::find(out, stage) == out.end()) out.push_back(std::move(stage));
  }
  out.push_back(".post");
  return out;
}

node read_defaults(diagnostics& errors, node const& root) {
  node out;
  out.type = yaml::kind::mapping;
  if (node const* const found = given(root, "default")) {
    std::vector<std::string_view> known(default_keys().begin(), default_keys().end());
    std::erase_if(known, [](std::string_view key) {
      return std::ranges::find(refused_defaults, key) != refused_defaults.end();
    });
    if (check_mapping(errors, *found, "default", {known, refused_defaults})) out = *found;
    check_defaults(errors, out, "default");
  }
  for (std::string_view const key : global_defaults) {
    node::entry const* const e = root.find_entry(key);
    if (!e || e->value.is_null()) continue;
    if (given(out, key)) {
      errors.add(e->value.file_name(), e->key_where, "default",
                 fmt::format("config {} is defined in top-level and `default:` entry", key));
      continue;
    }
    node one;
    one.type = yaml::kind::mapping;
    one.entries = {*e};
    one.where = e->key_where;
    one.file = e->value.file;
    check_defaults(errors, one, std::string());
    out.set(*e);
  }
  return out;
}

void read_workflow(diagnostics& errors, node const& root, configuration& out) {
  static constexpr std::array<std::string_view, 3> keys{"name", "rules", "auto_cancel"};
  constexpr std::size_t name_limit = 255;
  node const* const found = given(root, "workflow");
  if (!found || !check_mapping(errors, *found, "workflow", {keys})) return;
  if (node const* const n = given(*found, "name")) {
    out.workflow_name = read_string(errors, *n, "workflow:name");
    if (out.workflow_name.size() > name_limit) fail(errors, *n, "workflow", "name is too long");
  }
  if (node const* const r = given(*found, "rules")) {
    out.workflow_rules = read_rules(errors, *r, "workflow:rules", rule_place::workflow);
  }
  if (node const* const a = given(*found, "auto_cancel")) {
    out.auto_cancel_all = read_auto_cancel(errors, *a, "workflow:auto_cancel");
  }
}

// A top-level key that is no job is most often a keyword with a typing mistake.
void hint_at_keyword(diagnostics& errors, node::entry const& e) {
  std::string_view const near = nearest_name(e.key, reserved_keys);
  std::string text = "config should implement the script:, run:, or trigger: keyword";
  if (!near.empty()) text += fmt::format(", did you mean the keyword '{}'?", near);
  errors.add(e.value.file_name(), e.key_where, "jobs:" + e.key, std::move(text));
}

}  // namespace

configuration read_configuration(diagnostics& errors, node const& root) {
  configuration out;
  out.stages = read_stages(errors, root);
  if (node const* const v = given(root, "variables")) {
    out.variables = read_variables(errors, *v, "variables", variable_form::global);
  }
  read_workflow(errors, root, out);
  node const defaults = read_defaults(errors, root);
  for (node::entry const& e : root.entries) {
    bool const reserved = std::ranges::find(reserved_keys, e.key) != reserved_keys.end();
    if (reserved || e.key.starts_with('.')) continue;
    if (e.value.is_mapping()) {
      out.jobs.push_back(read_job(errors, e, defaults));
    } else {
      hint_at_keyword(errors, e);
    }
  }
  if (out.jobs.empty() && errors.empty()) {
    errors.add(root.file_name(), root.where, "jobs",
               "config should contain at least one visible job");
  }
  return out;
}

}  // namespace corunner::pipeline::entry
