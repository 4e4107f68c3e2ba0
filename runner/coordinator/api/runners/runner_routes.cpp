#include "runner/coordinator/api/access/runner_access.hpp"
#include "runner/coordinator/api/page.hpp"
#include "runner/coordinator/api/projects/project_json.hpp"
#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/api/runners/runner_json.hpp"
#include "runner/coordinator/api/runners/runner_settings.hpp"
#include "runner/coordinator/context.hpp"
#include "runner/coordinator/new_runner.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace corunner::coordinator {

namespace {

constexpr auto scope = "manage_runner";

reply show_runner(context& in, api_request& request) {
  auto user = admit_user(in, request, scope);
  if (!user) return user.refusal;
  bool const projects = request.params.boolean("include_projects").value_or(true);
  auto runner = runner_of_path(in, request, *user, &rights::reads);
  if (!runner) return runner.refusal;
  return json_reply(200, runner_details_json(in, *runner, rights(in, *user), projects));
}

reply update_runner(context& in, api_request& request) {
  auto user = admit_user(in, request, scope);
  if (!user) return user.refusal;
  request.params.at_least_one({"description", "active", "paused", "tag_list", "run_untagged",
                               "locked", "access_level", "maximum_timeout", "maintenance_note"});
  // Bad values are told before it is known whether there is such a runner.
  runner_record trial;
  apply_settings(request.params, trial);
  auto runner = runner_of_path(in, request, *user, &rights::changes);
  if (!runner) return runner.refusal;
  apply_settings(request.params, *runner);
  if (auto const errors = validate(*runner); !errors.empty()) return model_error(errors);
  runner->updated_at = in.now();
  in.data.runners.update(*runner);
  // A poll that is held must see what the runner may do now.
  in.queue.tick(runner->id);
  return json_reply(200, runner_details_json(in, *runner, rights(in, *user), true));
}

reply delete_runner(context& in, api_request& request) {
  auto user = admit_user(in, request, scope);
  if (!user) return user.refusal;
  auto runner = runner_of_path(in, request, *user, &rights::changes);
  if (!runner) return runner.refusal;
  if (!user->administrator && in.data.runners.projects(runner->id).size() > 1) {
    return forbidden("Runner associated with more than one project");
  }
  if (request.is_outdated(runner->updated_at)) return precondition_failed();
  in.data.runners.remove(runner->id);
  in.queue.forget(runner->id);
  return empty_reply(204);
}

reply list_managers(context& in, api_request& request) {
  auto user = admit_user(in, request, scope);
  if (!user) return user.refusal;
  auto runner = runner_of_path(in, request, *user, &rights::reads);
  if (!runner) return runner.refusal;
  boost::json::array list;
  for (auto const& manager : in.data.runners.managers(runner->id)) {
    list.push_back(manager_json(in, manager));
  }
  return json_reply(200, std::move(list));
}

reply list_projects_of(context& in, api_request& request) {
  auto user = admit_user(in, request, scope);
  if (!user) return user.refusal;
  auto runner = runner_of_path(in, request, *user, &rights::reads);
  if (!runner) return runner.refusal;
  rights const may(in, *user);
  std::vector<project_record> projects;
  for (auto const id : in.data.runners.projects(runner->id)) {
    auto project = may.sees_project(id) ? in.data.projects.find(id) : std::nullopt;
    if (project) projects.push_back(std::move(*project));
  }
  return page_reply(in, request, projects.size(),
                    [&](std::size_t place) { return project_json(in, projects[place]); });
}

reply reset_token_of(context& in, api_request& request) {
  auto user = admit_user(in, request, scope);
  if (!user) return user.refusal;
  auto runner = runner_of_path(in, request, *user, &rights::changes);
  if (!runner) return runner.refusal;
  auto const token = renew_token(in, *runner);
  return json_reply(201, new_token_json(*runner, token));
}

constexpr route table[] = {
    {"GET", "/runners/:id", "runner", show_runner},
    {"PUT", "/runners/:id", "runner", update_runner},
    {"DELETE", "/runners/:id", "runner", delete_runner},
    {"GET", "/runners/:id/managers", "runner", list_managers},
    {"GET", "/runners/:id/projects", "runner", list_projects_of},
    {"POST", "/runners/:id/reset_authentication_token", "reset_token", reset_token_of},
};

}  // namespace

std::span<route const> runner_routes() { return table; }

}  // namespace corunner::coordinator
