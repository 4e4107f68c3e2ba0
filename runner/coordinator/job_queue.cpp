#include "runner/coordinator/job_queue.hpp"

#include "runner/coordinator/token.hpp"

#include <algorithm>
#include <utility>

namespace corunner::coordinator {

bool in_scope(runner_profile const& runner, pending_job const& job) {
  if (runner.only_protected && !job.ref_protected) return false;
  if (runner.type == "project_type") return runner.projects.contains(job.project_id);
  if (runner.type == "instance_type") return job.instance_runners;
  return job.group_runners && job.project_path.starts_with(runner.group_path + "/");
}

bool may_take(runner_profile const& runner, pending_job const& job) {
  if (!in_scope(runner, job)) return false;
  if (job.tags.empty()) return runner.run_untagged;
  return std::all_of(job.tags.begin(), job.tags.end(),
                     [&](std::string const& tag) { return runner.tags.contains(tag); });
}

std::vector<std::int64_t> job_queue::candidates(
    runner_profile const& runner, std::map<std::int64_t, int> const& running_of_project) const {
  bool const fair = runner.type == "instance_type";
  std::vector<std::pair<int, std::int64_t>> found;
  for (auto const& [id, job] : pending_) {
    if (!may_take(runner, job)) continue;
    int running = 0;
    if (fair) {
      auto const known = running_of_project.find(job.project_id);
      if (known != running_of_project.end()) running = known->second;
    }
    found.emplace_back(running, id);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::int64_t> ids;
  for (auto const& [running, id] : found) ids.push_back(id);
  return ids;
}

job_queue::place& job_queue::of(std::int64_t runner) {
  auto& place = places_[runner];
  if (!place.ticked) place = {make_hex(32), std::make_shared<net::event>(executor_)};
  return place;
}

std::string const& job_queue::value(std::int64_t runner) { return of(runner).value; }

std::string const& job_queue::tick(std::int64_t runner) {
  auto& place = of(runner);
  place.value = make_hex(32);
  // Those who wait hold the old event; who comes now waits for the next one.
  auto const woken = std::exchange(place.ticked, std::make_shared<net::event>(executor_));
  woken->set();
  return place.value;
}

void job_queue::tick_all() {
  for (auto const runner : known()) tick(runner);
}

void job_queue::forget(std::int64_t runner) {
  auto const found = places_.find(runner);
  if (found == places_.end()) return;
  found->second.ticked->set();
  places_.erase(found);
}

std::vector<std::int64_t> job_queue::known() const {
  std::vector<std::int64_t> ids;
  for (auto const& [id, place] : places_) ids.push_back(id);
  return ids;
}

std::shared_ptr<net::event> job_queue::next_tick(std::int64_t runner) { return of(runner).ticked; }

}  // namespace corunner::coordinator
