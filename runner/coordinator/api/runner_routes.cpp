#include "runner/coordinator/api/authorization.hpp"
#include "runner/coordinator/api/page.hpp"
#include "runner/coordinator/api/project_json.hpp"
#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/api/runner_json.hpp"
#include "runner/coordinator/api/runner_settings.hpp"
#include "runner/coordinator/context.hpp"
#include "runner/coordinator/token.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace corunner::coordinator {

namespace {

// The runner of the path, for a user who may read it or, with `change`, change it.
admitted<runner_record> admit_to_runner(context& in, api_request& request, bool change) {
  auto user = admit_user(in, request, "manage_runner");
  if (!user) return {{}, user.refusal};
  auto const id = request.number(0);
  if (!id) return {{}, error_reply(400, "id is invalid")};
  auto runner = in.data.runners.find(*id);
  if (!runner) return {{}, not_found("Runner")};
  // Anybody who is signed in sees instance runners; the rest is the administrator's.
  bool const open = !change && runner->type == "instance_type";
  if (!open && !user->administrator) return {{}, forbidden("No access granted")};
  return {std::move(runner), {}};
}

reply show_runner(context& in, api_request& request) {
  bool const projects = request.params.boolean("include_projects").value_or(true);
  if (!request.params.good()) return error_reply(400, request.params.faults());
  auto runner = admit_to_runner(in, request, false);
  if (!runner) return runner.refusal;
  return json_reply(200, runner_details_json(in, *runner, projects));
}

reply update_runner(context& in, api_request& request) {
  auto runner = admit_to_runner(in, request, true);
  if (!runner) return runner.refusal;
  request.params.at_least_one({"description", "active", "paused", "tag_list", "run_untagged", "locked",
                               "access_level", "maximum_timeout", "maintenance_note"});
  apply_settings(request.params, *runner);
  if (!request.params.good()) return error_reply(400, request.params.faults());
  if (auto const errors = validate(*runner); !errors.empty()) return model_error(errors);
  in.data.runners.update(*runner);
  // A poll that is held must see what the runner may do now.
  in.queue.tick(runner->id);
  return json_reply(200, runner_details_json(in, *runner, true));
}

reply delete_runner(context& in, api_request& request) {
  auto runner = admit_to_runner(in, request, true);
  if (!runner) return runner.refusal;
  in.data.runners.remove(runner->id);
  in.queue.forget(runner->id);
  return empty_reply(204);
}

reply list_managers(context& in, api_request& request) {
  auto runner = admit_to_runner(in, request, false);
  if (!runner) return runner.refusal;
  boost::json::array list;
  for (auto const& manager : in.data.runners.managers(runner->id)) list.push_back(manager_json(in, manager));
  return json_reply(200, std::move(list));
}

reply list_projects_of(context& in, api_request& request) {
  auto runner = admit_to_runner(in, request, false);
  if (!runner) return runner.refusal;
  auto const ids = in.data.runners.projects(runner->id);
  return page_reply(in, request, ids.size(), [&](std::size_t place) -> boost::json::value {
    auto const project = in.data.projects.find(ids[place]);
    if (!project) return nullptr;
    return project_json(in, *project);
  });
}

reply list_jobs_of(context& in, api_request& request) {
  auto runner = admit_to_runner(in, request, false);
  if (!runner) return runner.refusal;
  auto& params = request.params;
  auto const system_id = params.text("system_id");
  auto const status = params.choice(
      "status", {"created", "waiting_for_resource", "preparing", "waiting_for_callback", "pending",
                 "running", "success", "failed", "canceling", "canceled", "skipped", "manual", "scheduled"});
  auto const order = params.choice("order_by", {"id"});
  auto const sort = params.choice("sort", {"asc", "desc"});
  if (!params.good()) return error_reply(400, params.faults());

  auto jobs = in.data.jobs.of_runner(runner->id);
  std::optional<std::int64_t> manager;
  if (system_id) {
    auto const found = in.data.runners.find_manager(runner->id, *system_id);
    manager = found ? found->id : 0;
  }
  std::erase_if(jobs, [&](job_record const& job) {
    return (status && job.status != *status) || (manager && job.manager_id != manager);
  });
  bool const ascending = !order || sort == "asc";
  if (ascending) std::reverse(jobs.begin(), jobs.end());
  return page_reply(in, request, jobs.size(),
                    [&](std::size_t place) { return job_json(in, jobs[place]); });
}

reply reset_token_of(context& in, api_request& request) {
  auto runner = admit_to_runner(in, request, true);
  if (!runner) return runner.refusal;
  auto const token = make_token(runner->registration_type == "authenticated_user" ? "glrt-" : "glrtr-");
  runner->token_hash = sha256(token);
  in.data.runners.update(*runner);
  return json_reply(201, boost::json::object{{"token", token},
                                             {"token_expires_at", json_time(runner->token_expires_at)}});
}

constexpr route table[] = {
    {"GET", "/runners/:id", "runner", show_runner},
    {"PUT", "/runners/:id", "runner", update_runner},
    {"DELETE", "/runners/:id", "runner", delete_runner},
    {"GET", "/runners/:id/managers", "runner", list_managers},
    {"GET", "/runners/:id/projects", "runner", list_projects_of},
    {"GET", "/runners/:id/jobs", "runner", list_jobs_of},
    {"POST", "/runners/:id/reset_authentication_token", "reset_token", reset_token_of},
};

}  // namespace

std::span<route const> runner_routes() { return table; }

}  // namespace corunner::coordinator
