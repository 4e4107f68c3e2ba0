#include "runner/pipeline/entry/job_entry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "runner/pipeline/keywords.hpp"

namespace corunner::pipeline::entry {
namespace {

constexpr std::size_t name_limit = 255;
constexpr std::chrono::seconds one_week{7 * 24 * 3600};
constexpr std::chrono::seconds one_month{30 * 24 * 3600};

constexpr std::array<std::string_view, 5> job_whens{"on_success", "on_failure", "always", "manual",
                                                    "delayed"};

// Reads the keywords of one job, one small function per group.
class reader {
 public:
  reader(diagnostics& errors, node const& job, std::string path, job_entry& out)
      : errors_(errors), job_(job), path_(std::move(path)), out_(out) {}

  void scripts(bool required) {
    std::vector<std::string> script = nested("before_script");
    std::vector<std::string> const main = nested("script");
    bool const other_kind = job_.find("run") || job_.find("trigger");
    node const* const written = job_.find("script");
    if (written && !written->is_null() && main.empty()) {
      bool const blank = written->is_string() || written->is_sequence();
      if (blank && written->items.empty()) fail(errors_, *written, path_, "script can't be blank");
    } else if (required && main.empty() && !other_kind) {
      errors_.add(out_.file, out_.where, path_,
                  "config should implement the script:, run:, or trigger: keyword");
    }
    script.insert(script.end(), main.begin(), main.end());
    out_.base.script = std::move(script);
    out_.base.after_script = nested("after_script");
    hooks();
  }

  void placement() {
    if (node const* const s = given(job_, "stage")) {
      out_.base.stage = read_string(errors_, *s, path_ + ":stage");
      out_.stage_where = s->where;
    } else {
      out_.base.stage = "test";
      out_.stage_where = out_.where;
    }
    if (node const* const n = given(job_, "needs")) {
      out_.needs = read_needs(errors_, *n, path_ + ":needs");
    }
    if (node const* const d = given(job_, "dependencies")) {
      out_.base.dependencies = read_nested_strings(errors_, *d, path_ + ":dependencies", false);
      out_.dependencies_where = d->where;
    }
    if (node const* const p = given(job_, "parallel")) {
      out_.parallel = read_parallel(errors_, *p, path_ + ":parallel");
    }
    if (node const* const i = given(job_, "inherit")) {
      out_.inherit = read_inherit(errors_, *i, path_ + ":inherit");
    }
  }

  void conditions() {
    if (node const* const w = given(job_, "when")) {
      out_.when = job_when_from(read_choice(errors_, *w, path_, "when", job_whens));
    }
    node const* const start_in = given(job_, "start_in");
    bool const delayed = out_.when == job_when::delayed;
    if (delayed && !start_in) {
      fail(errors_, *job_.find("when"), path_, "start in should be a duration");
    } else if (!delayed && start_in) {
      fail(errors_, *start_in, path_, "start in must be blank");
    } else if (delayed) {
      auto const delay = read_duration(errors_, *start_in, path_, "start in", one_week);
      out_.base.start_in = delay.value_or(std::chrono::seconds(0));
    }
    if (node const* const r = given(job_, "rules")) {
      out_.rules = read_rules(errors_, *r, path_ + ":rules", rule_place::job);
    }
    out_.only = policy("only");
    out_.except = policy("except");
  }

  void outcome() {
    if (node const* const a = given(job_, "allow_failure")) {
      out_.allow_failure = read_allow_failure(errors_, *a, path_ + ":allow_failure");
    }
    if (node const* const r = given(job_, "retry")) {
      out_.base.retry = read_retry(errors_, *r, path_ + ":retry");
    }
    if (node const* const t = given(job_, "timeout")) {
      out_.base.timeout = read_duration(errors_, *t, path_ + ":timeout", "config", one_month);
    }
    if (node const* const i = given(job_, "interruptible")) {
      out_.base.interruptible = read_boolean(errors_, *i, path_ + ":interruptible");
    }
    if (node const* const m = given(job_, "manual_confirmation")) {
      out_.base.manual_confirmation = read_string(errors_, *m, path_ + ":manual_confirmation");
    }
    coverage();
  }

  void surroundings() {
    if (node const* const v = given(job_, "variables")) {
      out_.base.variables = read_variables(errors_, *v, path_ + ":variables", variable_form::job);
    }
    if (node const* const t = given(job_, "tags")) {
      out_.base.tags = read_nested_strings(errors_, *t, path_ + ":tags", false);
    }
    if (node const* const i = given(job_, "image")) {
      out_.base.image = read_image(errors_, *i, path_ + ":image");
    }
    if (node const* const s = given(job_, "services")) {
      out_.base.services = read_services(errors_, *s, path_ + ":services");
    }
    if (node const* const a = given(job_, "artifacts")) {
      out_.base.artifacts = read_artifacts(errors_, *a, path_ + ":artifacts");
    }
    if (node const* const c = given(job_, "cache")) {
      out_.cache = read_caches(errors_, *c, path_ + ":cache");
    }
    if (node const* const r = given(job_, "resource_group")) {
      out_.base.resource_group = read_string(errors_, *r, path_ + ":resource_group");
    }
    if (node const* const r = given(job_, "release")) {
      out_.base.release = read_release(errors_, *r, path_ + ":release");
    }
    if (node const* const e = given(job_, "environment")) {
      out_.base.environment = read_environment(errors_, *e, path_ + ":environment");
      out_.environment_where = e->where;
    }
  }

 private:
  std::vector<std::string> nested(char const* key) {
    node const* const found = given(job_, key);
    if (!found) return {};
    return read_nested_strings(errors_, *found, path_ + ":" + key);
  }

  void hooks() {
    static constexpr std::array<std::string_view, 1> keys{"pre_get_sources_script"};
    node const* const found = given(job_, "hooks");
    if (!found || !check_mapping(errors_, *found, path_ + ":hooks", {keys})) return;
    if (node const* const s = given(*found, "pre_get_sources_script")) {
      out_.base.pre_get_sources_script =
          read_nested_strings(errors_, *s, path_ + ":hooks:pre_get_sources_script");
    }
  }

  std::optional<ref_policy> policy(char const* key) {
    node const* const found = given(job_, key);
    if (!found) return std::nullopt;
    if (out_.rules) {
      fail(errors_, *found, path_, fmt::format("config key may not be used with `rules`: {}", key));
    }
    return read_ref_policy(errors_, *found, path_ + ":" + key);
  }

  void coverage() {
    node const* const found = given(job_, "coverage");
    if (!found) return;
    std::string const text = read_string(errors_, *found, path_ + ":coverage");
    if (text.size() > 2 && text.ends_with('/') && expression::search("", text)) {
      out_.base.coverage = text.substr(1, text.size() - 2);
    } else {
      fail(errors_, *found, path_ + ":coverage", "config must be a regular expression");
    }
  }

  diagnostics& errors_;
  node const& job_;
  std::string path_;
  job_entry& out_;
};

// The job with the defaults that it does not define itself.
node with_defaults(node const& job, node const& defaults) {
  node out = job;
  std::erase_if(out.entries, [](node::entry const& e) { return e.value.is_null(); });
  inherit_entry inherit;
  // Mistakes are reported when the job itself is read.
  diagnostics ignored;
  if (node const* const i = given(job, "inherit")) inherit = read_inherit(ignored, *i, {});
  for (node::entry const& e : defaults.entries) {
    bool const wanted = !inherit.defaults ||
                        std::ranges::find(*inherit.defaults, e.key) != inherit.defaults->end();
    if (wanted && !e.value.is_null() && !out.find(e.key)) out.entries.push_back(e);
  }
  return out;
}

bool is_forbidden_name(std::string_view name) {
  return name.empty() || name == "true" || name == "false" || name == "nil";
}

}  // namespace

job_entry read_job(diagnostics& errors, node::entry const& written, node const& defaults) {
  job_entry out;
  std::string const path = "jobs:" + written.key;
  out.base.name = written.key;
  out.base.group_name = written.key;
  out.file = written.value.file_name();
  out.where = written.key_where;
  if (is_forbidden_name(written.key) || written.key.size() > name_limit) {
    errors.add(out.file, out.where, path, "config name is not usable as a job name");
  }
  if (!written.value.is_mapping()) {
    errors.add(out.file, out.where, path,
               "config should implement the script:, run:, or trigger: keyword");
    return out;
  }
  check_mapping(errors, written.value, path, {job_keys(), refused_job_keys()});
  node const job = with_defaults(written.value, defaults);
  reader parts(errors, job, path, out);
  parts.scripts(true);
  parts.placement();
  parts.conditions();
  parts.outcome();
  parts.surroundings();
  return out;
}

void check_defaults(diagnostics& errors, node const& defaults, std::string const& path) {
  job_entry ignored;
  ignored.file = defaults.file_name();
  ignored.where = defaults.where;
  reader parts(errors, defaults, path, ignored);
  parts.scripts(false);
  parts.outcome();
  parts.surroundings();
}

}  // namespace corunner::pipeline::entry
