#include "runner/pipeline/pipeline.hpp"

#include <fmt/format.h>

#include "runner/pipeline/planning/planner.hpp"
#include "runner/pipeline/predefined.hpp"
#include "runner/pipeline/structure/extends.hpp"
#include "runner/pipeline/structure/include.hpp"
#include "runner/pipeline/structure/reference.hpp"

namespace corunner::pipeline {
namespace {

// The configuration with includes, `extends` and references resolved.
std::optional<yaml::node> load_structure(std::string_view text, file_reader& files,
                                         pipeline_source const& source, diagnostics& errors) {
  variable_list variables;
  add_project_variables(variables, source);
  add_commit_variables(variables, source, {});
  add_outside_variables(variables, source);
  entry::rule_matcher matcher(files);
  auto const rule_holds = [&](yaml::node const& rule, diagnostics& problems) {
    entry::rule_entry const read =
        entry::read_rule(problems, rule, "include:rules:rule", entry::rule_place::include);
    return problems.empty() && matcher.holds(read, variables, problems);
  };
  structure::include_context const context{files, variables, rule_holds};
  std::optional<yaml::node> root =
      structure::load_configuration(text, source.project.config_path, context, errors);
  if (!root) return std::nullopt;
  std::optional<diagnostic> problem = structure::resolve_extends(*root);
  if (!problem) problem = structure::resolve_references(*root);
  if (!problem) return root;
  errors.add(problem->file, problem->where, problem->path, problem->text);
  return std::nullopt;
}

evaluation invalid(diagnostics& errors) {
  evaluation out;
  out.outcome = verdict::invalid;
  out.errors = errors.take();
  return out;
}

}  // namespace

std::optional<std::vector<std::string>> file_reader::changed_paths(std::string_view) {
  return std::nullopt;
}

bool file_reader::has_ref(std::string_view) { return true; }

evaluation evaluate(std::string_view text, file_reader& files, pipeline_source const& source) {
  diagnostics errors;
  std::optional<yaml::node> const root = load_structure(text, files, source, errors);
  if (!root) return invalid(errors);
  entry::configuration configuration = entry::read_configuration(errors, *root);
  if (!errors.empty()) return invalid(errors);
  evaluation out = planning::make_plan(std::move(configuration), files, source, errors);
  if (!errors.empty()) return invalid(errors);
  return out;
}

}  // namespace corunner::pipeline
