#include "runner/coordinator/api/access/runner_access.hpp"

#include "runner/coordinator/api/projects/project_lookup.hpp"
#include "runner/coordinator/context.hpp"

namespace corunner::coordinator {

admitted<runner_record> runner_of_path(context& in, api_request& request, user_record const& user,
                                       bool (rights::*may)(runner_record const&) const,
                                       std::size_t place) {
  auto const id = request.number(place);
  if (!id) request.params.fault(place == 0 ? "id is invalid" : "runner_id is invalid");
  if (!request.params.good()) return {{}, error_reply(400, request.params.faults())};
  auto runner = in.data.runners.find(*id);
  if (!runner) return {{}, not_found("Runner")};
  if (!(rights(in, user).*may)(*runner)) return {{}, forbidden("No access granted")};
  return {std::move(runner), {}};
}

admitted<project_record> project_of_path(context& in, api_request& request, user_record const& user,
                                         role at_least) {
  if (!request.params.good()) return {{}, error_reply(400, request.params.faults())};
  auto project = find_project(in, request.captures[0]);
  rights const may(in, user);
  if (!project || !may.sees_project(project->id)) return {{}, not_found("Project")};
  bool const reads = user.auditor && request.is_reading();
  if (!reads && !may.has_in_project(project->id, at_least)) return {{}, forbidden()};
  return {std::move(project), {}};
}

admitted<known_group> group_of_path(context& in, api_request& request, user_record const& user,
                                    role at_least) {
  if (!request.params.good()) return {{}, error_reply(400, request.params.faults())};
  auto id = request.number(0);
  if (!id) id = in.data.projects.find_group(request.captures[0]);
  auto path = id ? in.data.projects.group_path(*id) : std::nullopt;
  rights const may(in, user);
  if (!path || !(may.reads_all() || may.has_in_group(*id, role::guest))) {
    return {{}, not_found("Group")};
  }
  bool const reads = user.auditor && request.is_reading();
  if (!reads && !may.has_in_group(*id, at_least)) return {{}, forbidden()};
  return {known_group{*id, std::move(*path)}, {}};
}

}  // namespace corunner::coordinator
