#include "runner/coordinator/api/access/authorization.hpp"
#include "runner/coordinator/api/access/rights.hpp"
#include "runner/coordinator/api/body/utf8_text.hpp"
#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/api/runners/runner_json.hpp"
#include "runner/coordinator/api/runners/runner_settings.hpp"
#include "runner/coordinator/context.hpp"
#include "runner/coordinator/new_runner.hpp"
#include "runner/coordinator/token.hpp"

namespace corunner::coordinator {

namespace {

// Where a new runner is to work, or why it cannot.
struct runner_place {
  std::string type = "instance_type";
  std::int64_t group = 0;
  std::int64_t project = 0;
};

bool exists(context& in, runner_place const& place) {
  if (place.type == "group_type") return in.data.projects.group_path(place.group).has_value();
  return place.type == "instance_type" || in.data.projects.find(place.project).has_value();
}

bool may_create(rights const& may, runner_place const& place) {
  if (place.type == "group_type") return may.has_in_group(place.group, role::owner);
  if (place.type == "project_type") return may.has_in_project(place.project, role::maintainer);
  return may.administers();
}

runner_place read_place(parameters& params) {
  runner_place place;
  if (!params.has("runner_type")) params.fault("runner_type is missing");
  auto const type = params.choice("runner_type", {"instance_type", "group_type", "project_type"});
  if (!params.has("runner_type")) params.fault("runner_type does not have a valid value");
  if (type) place.type = *type;
  place.group = params.integer("group_id").value_or(0);
  place.project = params.integer("project_id").value_or(0);
  if (place.type == "group_type" && !params.has("group_id")) params.fault("group_id is missing");
  if (place.type == "project_type" && !params.has("project_id")) {
    params.fault("project_id is missing");
  }
  return place;
}

// POST /user/runners (runners-api.md 4.4)
reply create_runner(context& in, api_request& request) {
  auto user = admit_user(in, request, "create_runner");
  if (!user) return user.refusal;
  auto& params = request.params;
  auto const place = read_place(params);
  runner_record runner;
  apply_settings(params, runner);
  if (!params.good()) return error_reply(400, params.faults());

  if (!exists(in, place)) return bad_request("invalid scope");
  if (!may_create(rights(in, *user), place)) return forbidden("Insufficient permissions");
  if (auto const errors = validate(runner); !errors.empty()) {
    return bad_request(sentence_of(errors));
  }
  runner.type = place.type;
  runner.creator_id = user->id;
  if (place.type == "group_type") runner.group_id = place.group;
  auto const token = store_new_runner(in, runner, place.type == "project_type" ? place.project : 0);
  return json_reply(201, registration_json(runner, token));
}

// What a registration token opens.
std::optional<runner_place> place_of_token(context& in, std::string const& token) {
  using holder = policy_table::holder;
  auto const hash = sha256(token);
  if (in.data.access.setting("registration_token_hash") == hash) return runner_place();
  if (auto const id = in.data.policies.find_by_registration_token(holder::project, hash)) {
    return runner_place{"project_type", 0, *id};
  }
  if (auto const id = in.data.policies.find_by_registration_token(holder::group, hash)) {
    return runner_place{"group_type", *id, 0};
  }
  return std::nullopt;
}

bool allows_registration(context& in, runner_place const& place) {
  using holder = policy_table::holder;
  if (!in.options.registration_tokens) return false;
  if (place.type == "group_type") {
    return in.data.policies.of(holder::group, place.group).registration_allowed;
  }
  if (place.type == "instance_type") return true;
  return in.data.policies.of(holder::project, place.project).registration_allowed;
}

// POST /runners: with a registration token, the deprecated way.
reply register_runner(context& in, api_request& request) {
  auto& params = request.params;
  auto const token = params.require("token");
  params.exclusive("maintainer_note", "maintenance_note");
  runner_record runner;
  apply_settings(params, runner);
  auto const* const info = params.object("info");
  if (!params.good()) return error_reply(400, params.faults());

  auto const place = place_of_token(in, token);
  // Without registration tokens a wrong one is no better than a right one.
  if (!place && in.options.registration_tokens) return forbidden("invalid token supplied");
  if (!place || !allows_registration(in, *place)) {
    return message_reply(410, "410 Gone - runner registration disallowed");
  }
  if (auto const errors = validate(runner); !errors.empty()) return model_error(errors);
  if (info) {
    auto const* const name = info->if_contains("name");
    if (name && name->is_string()) runner.name = prefix_of(name->as_string(), 256);
  }
  runner.type = place->type;
  if (place->group != 0) runner.group_id = place->group;
  runner.registration_type = "registration_token";
  runner.creation_state = "finished";
  auto const made = store_new_runner(in, runner, place->project);
  return json_reply(201, registration_json(runner, made));
}

reply verify_runner(context& in, api_request& request) {
  auto runner = admit_working_runner(in, request);
  if (!runner) return runner.refusal;
  transaction all(in.data.db);
  heartbeat(in, request, *runner);
  all.commit();
  return json_reply(200, registration_json(*runner, request.params.text("token").value_or("")));
}

reply unregister_runner(context& in, api_request& request) {
  auto runner = admit_runner(in, request);
  if (!runner) return runner.refusal;
  if (request.is_outdated(runner->updated_at)) return precondition_failed();
  in.data.runners.remove(runner->id);
  in.queue.forget(runner->id);
  return empty_reply(204);
}

reply unregister_manager(context& in, api_request& request) {
  auto& params = request.params;
  params.require("token");
  auto const system_id = params.require("system_id");
  if (!params.good()) return error_reply(400, params.faults());
  auto runner = admit_runner(in, request);
  if (!runner) return runner.refusal;
  transaction all(in.data.db);
  if (!in.data.runners.remove_manager(runner->id, system_id)) {
    return not_found("Runner manager not found");
  }
  if (in.data.runners.managers(runner->id).empty()) in.data.runners.clear_contact(runner->id);
  all.commit();
  return empty_reply(204);
}

reply reset_own_token(context& in, api_request& request) {
  auto runner = admit_working_runner(in, request);
  if (!runner) return runner.refusal;
  transaction all(in.data.db);
  heartbeat(in, request, *runner);
  auto const token = renew_token(in, *runner);
  all.commit();
  return json_reply(201, new_token_json(*runner, token));
}

reply no_router(context& in, api_request& request) {
  auto const token = request.field("Runner-Token");
  if (token.empty() || !in.data.runners.find_by_token_hash(sha256(token))) return forbidden();
  return message_reply(501, "Job Router is not available. Please contact your administrator.");
}

constexpr route table[] = {
    {"POST", "/user/runners", "create", create_runner},
    {"POST", "/runners", "register", register_runner},
    {"POST", "/runners/verify", "verify", verify_runner},
    {"DELETE", "/runners", "unregister", unregister_runner},
    {"DELETE", "/runners/managers", "unregister", unregister_manager},
    {"POST", "/runners/reset_authentication_token", "reset_token", reset_own_token},
    {"GET", "/runners/router/discovery", "router", no_router},
};

}  // namespace

std::span<route const> registration_routes() { return table; }

}  // namespace corunner::coordinator
