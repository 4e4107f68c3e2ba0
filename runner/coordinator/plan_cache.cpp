#include "runner/coordinator/plan_cache.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

namespace corunner::coordinator {

known_plan::known_plan(pipeline::plan what) : plan(std::move(what)) {
  for (std::size_t place = 0; place < plan.jobs.size(); ++place) {
    places[plan.jobs[place].name] = place;
  }
}

pipeline::job_definition const& known_plan::job(std::string const& name) const {
  auto const found = places.find(name);
  if (found == places.end()) throw database_error(fmt::format("job '{}' is not in its plan", name));
  return plan.jobs[found->second];
}

pipeline::job_state known_plan::state(job_record const& row) const {
  auto state = pipeline::make_state(job(row.name), plan.stages);
  auto const status = pipeline::job_status_from(row.status);
  if (!status) {
    throw database_error(fmt::format("job {} has the unknown status '{}'", row.id, row.status));
  }
  state.status = *status;
  state.allow_failure = row.allow_failure;
  state.retried = row.retried;
  return state;
}

std::vector<pipeline::job_state> known_plan::states(std::vector<job_record> const& rows) const {
  std::vector<pipeline::job_state> all;
  all.reserve(rows.size());
  for (auto const& row : rows) all.push_back(state(row));
  return all;
}

std::shared_ptr<known_plan const> plan_cache::of(std::int64_t pipeline) {
  auto const known = plans_.find(pipeline);
  if (known != plans_.end()) return known->second;
  auto plan = pipeline::plan_from_json(boost::json::parse(jobs_.plan(pipeline)));
  auto made = std::make_shared<known_plan const>(std::move(plan));
  remember(pipeline, made);
  return made;
}

void plan_cache::keep(std::int64_t pipeline, pipeline::plan plan) {
  remember(pipeline, std::make_shared<known_plan const>(std::move(plan)));
}

void plan_cache::remember(std::int64_t pipeline, std::shared_ptr<known_plan const> plan) {
  constexpr std::size_t most = 64;
  // The oldest pipeline is the least likely to move again.
  if (plans_.size() >= most) plans_.erase(plans_.begin());
  plans_[pipeline] = std::move(plan);
}

}  // namespace corunner::coordinator
