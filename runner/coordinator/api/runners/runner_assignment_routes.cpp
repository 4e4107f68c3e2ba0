#include "runner/coordinator/api/access/runner_access.hpp"
#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/api/runners/runner_json.hpp"
#include "runner/coordinator/context.hpp"

#include <algorithm>

namespace corunner::coordinator {

namespace {

// Project runners and the projects that they serve; the first of them is their owner
// (runners-api.md 4.3).

// Why the runner cannot be given to a project; nothing when it can. What stands in the way of the
// administrator too comes last.
std::optional<reply> refuse_assignment(context& in, user_record const& user,
                                       runner_record const& runner) {
  rights const may(in, user);
  if (runner.type == "group_type") return forbidden("Runner is a group runner");
  if (runner.locked && !may.administers()) return forbidden("Runner is locked");
  if (runner.type == "project_type" && in.data.runners.projects(runner.id).empty()) {
    return bad_request("Taking over an orphaned project runner is not allowed");
  }
  if (!may.changes(runner)) return forbidden("No access granted");
  if (runner.type == "instance_type") return bad_request("Runner is an instance runner");
  return std::nullopt;
}

reply assign_to_project(context& in, api_request& request) {
  auto user = admit_user(in, request);
  if (!user) return user.refusal;
  auto& params = request.params;
  if (!params.has("runner_id")) params.fault("runner_id is missing");
  auto const id = params.integer("runner_id");
  if (params.good() && !id) params.fault("runner_id is invalid");
  auto project = project_of_path(in, request, *user, role::maintainer);
  if (!project) return project.refusal;
  auto const runner = in.data.runners.find(*id);
  if (!runner) return not_found("Runner");
  if (auto refusal = refuse_assignment(in, *user, *runner)) return std::move(*refusal);
  if (in.data.runners.assigned_at(*id, project->id)) {
    return model_error({{"runner_id", "has already been taken"}});
  }
  in.data.runners.assign(runner->id, project->id, in.now());
  in.queue.tick(runner->id);
  return json_reply(201, runner_json(in, *runner));
}

reply unassign_from_project(context& in, api_request& request) {
  auto user = admit_user(in, request);
  if (!user) return user.refusal;
  auto const id = request.number(1);
  if (!id) request.params.fault("runner_id is invalid");
  auto project = project_of_path(in, request, *user, role::maintainer);
  if (!project) return project.refusal;
  auto const since = in.data.runners.assigned_at(*id, project->id);
  if (!since) return not_found("Runner");
  auto const runner = in.data.runners.find(*id);
  if (request.is_outdated(*since)) return precondition_failed();
  if (in.data.runners.projects(*id).front() == project->id) {
    return forbidden(
        "You cannot unassign a runner from the owner project. Delete the runner instead");
  }
  if (runner->locked && !user->administrator) return forbidden("Runner is locked");
  if (!rights(in, *user).changes(*runner)) return forbidden("No access granted");
  in.data.runners.unassign(*id, project->id);
  return empty_reply(204);
}

constexpr route table[] = {
    {"POST", "/projects/:id/runners", "runners", assign_to_project},
    {"DELETE", "/projects/:id/runners/:runner_id", "runners", unassign_from_project},
};

}  // namespace

std::span<route const> runner_assignment_routes() { return table; }

}  // namespace corunner::coordinator
