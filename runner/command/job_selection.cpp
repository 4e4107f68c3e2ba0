#include "runner/command/job_selection.hpp"

#include "runner/pipeline/keywords.hpp"
#include "runner/pipeline/payload.hpp"

#include <algorithm>
#include <set>

namespace corunner {

namespace {

std::vector<pipeline::job_definition*> jobs_named(pipeline::plan& plan, std::string const& name) {
  std::vector<pipeline::job_definition*> found;
  for (auto& job : plan.jobs) {
    if (job.name == name) return {&job};
    if (job.group_name == name) found.push_back(&job);
  }
  return found;
}

std::vector<std::string> needed_by(pipeline::plan const& plan,
                                   pipeline::job_definition const& job) {
  std::vector<std::string> names;
  if (job.needs) {
    for (auto const& need : *job.needs) names.push_back(need.job);
    return names;
  }
  for (auto const& name : pipeline::upstream_names(plan, job)) {
    auto const where = std::find_if(plan.jobs.begin(), plan.jobs.end(),
                                    [&](auto const& one) { return one.name == name; });
    if (where != plan.jobs.end() && where->artifacts) names.push_back(name);
  }
  return names;
}

std::string unknown(pipeline::plan const& plan, std::string const& name) {
  std::vector<std::string_view> known;
  for (auto const& job : plan.jobs) known.push_back(job.name);
  std::string text = "no job '" + name + "' in this pipeline";
  auto const near = pipeline::nearest_name(name, known);
  if (!near.empty()) text += ", did you mean '" + std::string(near) + "'?";
  return text;
}

}  // namespace

std::optional<std::string> select_jobs(pipeline::plan& plan,
                                       std::vector<std::string> const& names) {
  std::set<std::string> wanted;
  std::vector<std::string> open;
  for (auto const& name : names) {
    auto const jobs = jobs_named(plan, name);
    if (jobs.empty()) return unknown(plan, name);
    for (auto* job : jobs) {
      if (job->when == pipeline::job_when::manual || job->when == pipeline::job_when::delayed) {
        job->when = pipeline::job_when::on_success;
      }
      open.push_back(job->name);
    }
  }
  while (!open.empty()) {
    auto const name = open.back();
    open.pop_back();
    if (!wanted.insert(name).second) continue;
    for (auto* job : jobs_named(plan, name)) {
      for (auto& needed : needed_by(plan, *job)) open.push_back(needed);
    }
  }
  std::erase_if(plan.jobs, [&](auto const& job) { return !wanted.contains(job.name); });
  return std::nullopt;
}

}  // namespace corunner
