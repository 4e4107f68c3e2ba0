#include "runner/pipeline/planning/validate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "runner/pipeline/planning/job_names.hpp"

namespace corunner::pipeline::planning {
namespace {

using entry::job_entry;
using entry::need_entry;

constexpr std::size_t need_limit = 50;

class validator {
 public:
  validator(diagnostics& errors, std::vector<job_entry> const& jobs,
            std::vector<std::string> const& stages)
      : errors_(errors),
        jobs_(jobs),
        stages_(stages),
        names_(index_names(
            jobs, [](job_entry const& j) { return j.base.name; },
            [](job_entry const& j) { return j.base.group_name; })) {}

  void run() {
    for (job_entry const& job : jobs_) {
      check_stage(job);
      check_dependencies(job);
      if (job.needs) check_needs(job, *job.needs);
      for (entry::rule_entry const& rule : job.rules.value_or(std::vector<entry::rule_entry>())) {
        if (rule.needs) check_needs(job, *rule.needs);
      }
      check_on_stop(job);
    }
    if (errors_.empty()) check_circles();
  }

 private:
  // Messages are about the job as written: once, not per instance.
  static std::string const& shown(job_entry const& job) { return job.base.group_name; }

  std::size_t place_of_stage(job_entry const& job) const {
    return static_cast<std::size_t>(std::ranges::find(stages_, job.base.stage) - stages_.begin());
  }

  void check_stage(job_entry const& job) {
    if (place_of_stage(job) < stages_.size()) return;
    errors_.add(job.file, job.stage_where, "",
                fmt::format("{} job: chosen stage {} does not exist; available stages are {}",
                            shown(job), job.base.stage, fmt::join(stages_, ", ")));
  }

  // Whether `name` is a job of the same or an earlier stage; `kind` is `need` or `dependency`.
  void check_reference(job_entry const& job, std::string const& name, char const* kind,
                       bool optional, std::string const& file, position where) {
    std::vector<std::size_t> const found = places_of(names_, name);
    if (found.empty()) {
      if (optional) return;
      errors_.add(file, where, "", fmt::format("{} job: undefined {}: {}", shown(job), kind, name));
      return;
    }
    bool const later = std::ranges::any_of(found, [&](std::size_t place) {
      return place_of_stage(jobs_[place]) > place_of_stage(job);
    });
    if (!later) return;
    errors_.add(file, where, "",
                fmt::format("{} job: {} {} is not defined in current or prior stages", shown(job),
                            kind, name));
  }

  void check_needs(job_entry const& job, std::vector<need_entry> const& needs) {
    std::set<std::string> seen;
    std::vector<std::string> twice;
    for (need_entry const& need : needs) {
      if (!seen.insert(need.job).second) twice.push_back(need.job);
      check_reference(job, need.job, "need", need.optional, need.file, need.where);
    }
    if (!twice.empty()) {
      errors_.add(job.file, needs.front().where, "",
                  fmt::format("{} has the following needs duplicated: {}.", shown(job),
                              fmt::join(twice, ", ")));
    }
    if (needs.size() > need_limit) {
      errors_.add(job.file, needs.front().where, "",
                  fmt::format("{}: one job can only need {} others, but you have listed {}. See "
                              "needs keyword documentation for more details",
                              shown(job), need_limit, needs.size()));
    }
  }

  void check_dependencies(job_entry const& job) {
    if (!job.base.dependencies) return;
    for (std::string const& name : *job.base.dependencies) {
      check_reference(job, name, "dependency", false, job.file, job.dependencies_where);
      bool const needed = !job.needs || std::ranges::any_of(*job.needs, [&](need_entry const& n) {
        return n.job == name;
      });
      if (needed) continue;
      errors_.add(job.file, job.dependencies_where, "jobs:" + shown(job),
                  fmt::format("dependencies the {} should be part of needs", name));
    }
  }

  void check_on_stop(job_entry const& job) {
    if (!job.base.environment || job.base.environment->on_stop.empty()) return;
    std::string const& name = job.base.environment->on_stop;
    auto const complain = [&](std::string_view what) {
      errors_.add(job.file, job.environment_where, "",
                  fmt::format("{} job: on_stop job {} {}", shown(job), name, what));
    };
    std::vector<std::size_t> const found = places_of(names_, name);
    if (found.empty()) return complain("is not defined");
    job_entry const& stop = jobs_[found.front()];
    if (!stop.base.environment) return complain("does not have environment defined");
    if (stop.base.environment->name != job.base.environment->name) {
      return complain("have different environment name");
    }
    if (stop.base.environment->action != "stop") complain("needs to have action stop defined");
  }

  // Depth-first over `needs`; a job that is still open when it is met again closes a circle.
  void check_circles() {
    marks_.assign(jobs_.size(), mark::fresh);
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      if (!visit(i)) {
        errors_.add(jobs_[i].file, jobs_[i].where, "", "The pipeline has circular dependencies");
        return;
      }
    }
  }

  enum class mark { fresh, open, closed };

  // An explicit stack: a chain of needs may be as long as the file.
  bool visit(std::size_t start) {
    std::vector<std::pair<std::size_t, bool>> stack{{start, false}};
    while (!stack.empty()) {
      auto const [place, leaving] = stack.back();
      stack.pop_back();
      if (leaving) {
        marks_[place] = mark::closed;
        continue;
      }
      if (marks_[place] != mark::fresh) continue;
      marks_[place] = mark::open;
      stack.emplace_back(place, true);
      for (std::size_t const next : needed_by(place)) {
        if (marks_[next] == mark::open) return false;
        if (marks_[next] == mark::fresh) stack.emplace_back(next, false);
      }
    }
    return true;
  }

  std::vector<std::size_t> needed_by(std::size_t place) const {
    std::vector<std::size_t> out;
    if (!jobs_[place].needs) return out;
    for (need_entry const& need : *jobs_[place].needs) {
      for (std::size_t const found : places_of(names_, need.job)) out.push_back(found);
    }
    return out;
  }

  diagnostics& errors_;
  std::vector<job_entry> const& jobs_;
  std::vector<std::string> const& stages_;
  name_index names_;
  std::vector<mark> marks_;
};

}  // namespace

void validate_jobs(diagnostics& errors, std::vector<job_entry> const& jobs,
                   std::vector<std::string> const& stages) {
  validator(errors, jobs, stages).run();
}

}  // namespace corunner::pipeline::planning
