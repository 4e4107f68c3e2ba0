#include "runner/pipeline/planning/planner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runner/pipeline/planning/cache_key.hpp"
#include "runner/pipeline/planning/instances.hpp"
#include "runner/pipeline/planning/job_names.hpp"
#include "runner/pipeline/planning/selection.hpp"
#include "runner/pipeline/planning/validate.hpp"
#include "runner/pipeline/predefined.hpp"
#include "runner/pipeline/slug.hpp"

namespace corunner::pipeline::planning {
namespace {

using entry::job_entry;
using entry::need_entry;
using entry::rule_entry;

// A job that takes part, before its needs are resolved.
struct chosen_job {
  job_definition definition;
  job_entry const* written;
  std::optional<std::vector<need_entry>> needs;
};

class planner {
 public:
  planner(entry::configuration what, file_reader& files, pipeline_source const& source,
          diagnostics& errors)
      : what_(std::move(what)), files_(files), source_(source), errors_(errors), matcher_(files) {}

  evaluation run() {
    evaluation out;
    what_.jobs = make_instances(std::move(what_.jobs));
    validate_jobs(errors_, what_.jobs, what_.stages);
    if (!errors_.empty()) return out;
    warn_about_duplicates(out);
    if (!workflow_allows()) {
      out.outcome = verdict::filtered;
      out.note = "Pipeline filtered out by workflow rules.";
      return out;
    }
    plan_.source = source_;
    plan_.stages = what_.stages;
    plan_.variables = globals_.items();
    plan_.name = expanded(what_.workflow_name, variables_for(globals_, nullptr));
    choose_jobs();
    resolve_needs();
    finish(out);
    return out;
  }

 private:
  // Everything that conditions and server-side expansion see, lowest precedence first.
  variable_list variables_for(variable_list const& yaml, job_definition const* job) const {
    variable_list out;
    if (job) add_static_job_variables(out, *job);
    add_project_variables(out, source_);
    add_commit_variables(out, source_, plan_.name);
    out.set_all(yaml.items());
    add_user_variables(out, source_);
    add_outside_variables(out, source_);
    return out;
  }

  static std::string expanded(std::string const& text, variable_list const& with) {
    if (text.find_first_of("$%") == std::string::npos) return text;
    return expand(text, expand_all(with).variables, undefined_reference::blank);
  }

  bool workflow_allows() {
    globals_ = variable_list(what_.variables);
    plan_.cancel_on_job_failure = what_.auto_cancel_all;
    if (!what_.workflow_rules) return true;
    variable_list const variables = variables_for(globals_, nullptr);
    rule_entry const* const rule = matcher_.first(*what_.workflow_rules, variables, errors_);
    if (!rule || rule->when == "never") return false;
    globals_.set_all(rule->variables);
    plan_.cancel_on_job_failure = plan_.cancel_on_job_failure || rule->auto_cancel_all;
    return true;
  }

  // A job that ends its rules with a bare `when` runs for branches and merge requests alike.
  void warn_about_duplicates(evaluation& out) const {
    if (what_.workflow_rules) return;
    for (job_entry const& job : what_.jobs) {
      if (!job.rules || job.rules->empty()) continue;
      rule_entry const& last = job.rules->back();
      bool const bare = !last.condition && !last.changes && !last.exists;
      if (!bare || last.when.empty() || last.when == "never") continue;
      out.warnings.push_back(
          {last.file, last.where, "jobs:" + job.base.group_name,
           "may allow multiple pipelines to run for a single action due to `rules:when` clause with "
           "no `workflow:rules`"});
    }
  }

  void choose_jobs() {
    for (job_entry const& job : what_.jobs) {
      chosen_job candidate{job.base, &job, job.needs};
      candidate.definition.variables = yaml_variables(job).take();
      if (decide(job, candidate)) chosen_.push_back(std::move(candidate));
    }
    sort_by_stage();
  }

  // By stage, then as written.
  void sort_by_stage() {
    std::vector<chosen_job> sorted;
    for (std::string const& stage : what_.stages) {
      for (chosen_job& job : chosen_) {
        if (job.definition.stage == stage) sorted.push_back(std::move(job));
      }
    }
    chosen_ = std::move(sorted);
  }

  // Global variables that the job inherits, then its own.
  variable_list yaml_variables(job_entry const& job) const {
    variable_list out;
    std::optional<std::vector<std::string>> const& names = job.inherit.variables;
    for (variable const& v : globals_.items()) {
      if (!names || std::ranges::find(*names, v.key) != names->end()) out.set(v);
    }
    out.set_all(job.base.variables);
    return out;
  }

  // Whether the job takes part; fills in what follows from the rule that says so.
  bool decide(job_entry const& job, chosen_job& out) {
    job_definition& d = out.definition;
    d.when = job.when.value_or(job_when::on_success);
    d.allow_failure = job.allow_failure ? job.allow_failure->allowed : d.when == job_when::manual;
    if (job.allow_failure) d.allow_failure_exit_codes = job.allow_failure->exit_codes;
    variable_list const variables = variables_for(variable_list(d.variables), &d);
    if (!job.rules) {
      return policies_allow(job, source_, variables, files_, !what_.workflow_rules);
    }
    if (job.rules->empty()) return true;
    rule_entry const* const rule = matcher_.first(*job.rules, variables, errors_);
    if (!rule || rule->when == "never") return false;
    apply(*rule, job, out);
    return true;
  }

  static void apply(rule_entry const& rule, job_entry const& job, chosen_job& out) {
    job_definition& d = out.definition;
    if (!rule.when.empty()) {
      d.when = job_when_from(rule.when).value_or(job_when::on_success);
      // A manual rule blocks unless somebody says otherwise, unlike a manual job.
      if (!job.allow_failure) d.allow_failure = false;
    }
    if (rule.allow_failure) {
      d.allow_failure = *rule.allow_failure;
      d.allow_failure_exit_codes.clear();
    }
    if (rule.start_in) d.start_in = *rule.start_in;
    if (rule.interruptible) d.interruptible = *rule.interruptible;
    if (rule.needs) out.needs = rule.needs;
    variable_list variables(d.variables);
    variables.set_all(rule.variables);
    d.variables = std::move(variables).take();
  }

  void resolve_needs() {
    name_index const names = index_names(
        chosen_, [](chosen_job const& j) { return j.definition.name; },
        [](chosen_job const& j) { return j.definition.group_name; });
    for (chosen_job& job : chosen_) {
      if (job.needs) resolve_needs_of(job, names);
      resolve_dependencies_of(job, names);
    }
  }

  void resolve_needs_of(chosen_job& job, name_index const& names) {
    std::vector<job_need>& out = job.definition.needs.emplace();
    for (need_entry const& need : *job.needs) {
      std::vector<std::size_t> const found = places_of(names, need.job);
      for (std::size_t const place : found) {
        out.push_back({chosen_[place].definition.name, need.artifacts});
      }
      if (!found.empty() || need.optional) continue;
      errors_.add(
          need.file, need.where, "",
          fmt::format("'{0}' job needs '{1}' job, but '{1}' does not exist in the pipeline. "
                      "This might be because of the only, except, or rules keywords. To need "
                      "a job that sometimes does not exist in the pipeline, use "
                      "needs:optional.",
                      job.definition.name, need.job));
    }
  }

  // Names of instances instead of names of parallel jobs; jobs that do not take part are left out.
  void resolve_dependencies_of(chosen_job& job, name_index const& names) const {
    if (!job.definition.dependencies) return;
    std::vector<std::string> out;
    for (std::string const& name : *job.definition.dependencies) {
      for (std::size_t const place : places_of(names, name)) {
        out.push_back(chosen_[place].definition.name);
      }
    }
    job.definition.dependencies = std::move(out);
  }

  // What GitLab expands when it creates a job.
  void expand_parts(chosen_job& job) {
    job_definition& d = job.definition;
    variable_list const variables = variables_for(variable_list(d.variables), &d);
    sorted_expansion const values = expand_all(variables);
    if (!values.cycle.empty()) {
      errors_.add(job.written->file, job.written->where, "",
                  fmt::format("{}: circular variable reference detected: [\"{}\"]", d.name,
                              fmt::join(values.cycle, "\", \"")));
      return;
    }
    for (std::string& tag : d.tags) tag = expand(tag, values.variables, undefined_reference::keep);
    d.resource_group = expand(d.resource_group, values.variables, undefined_reference::blank);
    if (d.environment) {
      environment_definition& e = *d.environment;
      e.name = expand(e.name, values.variables, undefined_reference::blank);
      e.auto_stop_in = expand(e.auto_stop_in, values.variables, undefined_reference::blank);
      e.slug = environment_slug(e.name);
      if (e.tier.empty()) e.tier = guess_tier(e.name);
    }
    d.cache = compute_caches(errors_, job.written->cache, files_, source_.commit.ref_protected);
  }

  void finish(evaluation& out) {
    for (chosen_job& job : chosen_) {
      expand_parts(job);
      plan_.jobs.push_back(std::move(job.definition));
    }
    bool const only_edges = std::ranges::all_of(plan_.jobs, [](job_definition const& job) {
      return job.stage == ".pre" || job.stage == ".post";
    });
    if (only_edges) {
      out.outcome = verdict::empty;
      out.note = "The resulting pipeline would have been empty. Review the rules configuration for "
                 "the relevant jobs.";
      return;
    }
    out.outcome = verdict::planned;
    out.plan = std::move(plan_);
  }

  entry::configuration what_;
  file_reader& files_;
  pipeline_source const& source_;
  diagnostics& errors_;
  entry::rule_matcher matcher_;
  variable_list globals_;
  plan plan_;
  std::vector<chosen_job> chosen_;
};

}  // namespace

evaluation make_plan(entry::configuration what, file_reader& files, pipeline_source const& source,
                     diagnostics& errors) {
  return planner(std::move(what), files, source, errors).run();
}

}  // namespace corunner::pipeline::planning
