#include "runner/coordinator/api/access/rights.hpp"

#include "runner/coordinator/context.hpp"

#include <algorithm>

namespace corunner::coordinator {

bool rights::has_in_project(std::int64_t project, role at_least) const {
  return administers() || in_.data.members.in_project(user_.id, project) >= at_least;
}

bool rights::has_in_group(std::int64_t group, role at_least) const {
  return administers() || in_.data.members.in_group(user_.id, group) >= at_least;
}

bool rights::sees_project(std::int64_t project) const {
  return reads_all() || has_in_project(project, role::guest);
}

std::optional<std::vector<std::int64_t>> rights::seen_projects() const {
  if (reads_all()) return std::nullopt;
  return in_.data.members.projects(user_.id, role::guest);
}

bool rights::maintains_any_project_of(runner_record const& runner) const {
  auto const projects = in_.data.runners.projects(runner.id);
  return std::any_of(projects.begin(), projects.end(),
                     [&](std::int64_t id) { return has_in_project(id, role::maintainer); });
}

// A project that takes the group's runners.
bool rights::maintains_project_below(std::int64_t group) const {
  auto const ids = in_.data.members.projects(user_.id, role::maintainer);
  return std::any_of(ids.begin(), ids.end(), [&](std::int64_t id) {
    auto const project = in_.data.projects.find(id);
    if (!project || !project->group_runners) return false;
    auto const around = in_.data.projects.groups_around(project->group_id);
    return std::find(around.begin(), around.end(), group) != around.end();
  });
}

bool rights::reads(runner_record const& runner) const {
  if (reads_all() || runner.type == "instance_type") return true;
  if (!runner.group_id) return maintains_any_project_of(runner);
  return has_in_group(*runner.group_id, role::maintainer) ||
         maintains_project_below(*runner.group_id);
}

bool rights::reads_jobs(runner_record const& runner) const {
  if (reads_all()) return true;
  if (runner.type == "instance_type") return false;
  return runner.group_id ? has_in_group(*runner.group_id, role::maintainer) : changes(runner);
}

// A runner of one project is its maintainers'; a shared one that of all maintainers.
bool rights::changes(runner_record const& runner) const {
  if (administers()) return true;
  if (runner.type == "instance_type") return false;
  return runner.group_id ? has_in_group(*runner.group_id, role::owner)
                         : maintains_any_project_of(runner);
}

std::vector<std::int64_t> rights::own_runners() const {
  auto ids = in_.data.runners.of_projects(in_.data.members.projects(user_.id, role::maintainer));
  auto const more = in_.data.runners.of_groups(in_.data.members.groups(user_.id, role::owner));
  ids.insert(ids.end(), more.begin(), more.end());
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace corunner::coordinator
