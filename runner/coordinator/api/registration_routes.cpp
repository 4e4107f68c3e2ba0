#include "runner/coordinator/api/authorization.hpp"
#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/api/runner_json.hpp"
#include "runner/coordinator/api/runner_settings.hpp"
#include "runner/coordinator/context.hpp"
#include "runner/coordinator/token.hpp"

namespace corunner::coordinator {

namespace {

// Gives a new runner its identity and stores it; the token.
std::string store_new(context& in, runner_record& runner, std::string_view prefix) {
  auto const token = make_token(prefix);
  runner.token_hash = sha256(token);
  runner.created_at = in.now();
  runner.uuid = make_uuid(runner.created_at);
  in.data.runners.add(runner);
  return token;
}

// POST /user/runners (runners-api.md 4.4)
reply create_runner(context& in, api_request& request) {
  auto user = admit_user(in, request, "create_runner");
  if (!user) return user.refusal;
  auto& params = request.params;
  runner_record runner;
  if (!params.has("runner_type")) params.fault("runner_type is missing");
  auto const type = params.choice("runner_type", {"instance_type", "group_type", "project_type"});
  if (!params.has("runner_type")) params.fault("runner_type does not have a valid value");
  if (type) runner.type = *type;
  auto const group = params.integer("group_id");
  auto const project = params.integer("project_id");
  if (runner.type == "group_type" && !params.has("group_id")) params.fault("group_id is missing");
  if (runner.type == "project_type" && !params.has("project_id")) params.fault("project_id is missing");
  apply_settings(params, runner);
  if (!params.good()) return error_reply(400, params.faults());

  if (!user->administrator) return forbidden("Insufficient permissions");
  if (runner.type == "group_type" && !in.data.projects.group_path(*group)) return bad_request("invalid scope");
  if (runner.type == "project_type" && !in.data.projects.find(*project)) return bad_request("invalid scope");
  if (auto const errors = validate(runner); !errors.empty()) return bad_request(sentence_of(errors));

  transaction all(in.data.db);
  runner.creator_id = user->id;
  if (runner.type == "group_type") runner.group_id = *group;
  auto const token = store_new(in, runner, "glrt-");
  if (runner.type == "project_type") in.data.runners.assign(runner.id, *project);
  all.commit();
  return json_reply(201, registration_json(runner, token));
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

  auto const expected = in.data.access.setting("registration_token_hash");
  bool const good = expected && *expected == sha256(token);
  if (!in.options.registration_tokens) {
    return message_reply(410, "410 Gone - runner registration disallowed");
  }
  if (!good) return forbidden("invalid token supplied");
  if (auto const errors = validate(runner); !errors.empty()) return model_error(errors);
  if (info) {
    auto const* const name = info->if_contains("name");
    if (name && name->is_string()) runner.name = std::string(name->as_string()).substr(0, 256);
  }
  runner.registration_type = "registration_token";
  runner.creation_state = "finished";
  auto const made = store_new(in, runner, "glrtr-");
  return json_reply(201, registration_json(runner, made));
}

reply verify_runner(context& in, api_request& request) {
  auto runner = admit_runner(in, request);
  if (!runner) return runner.refusal;
  transaction all(in.data.db);
  heartbeat(in, request, *runner);
  all.commit();
  return json_reply(200, registration_json(*runner, request.params.text("token").value_or("")));
}

reply unregister_runner(context& in, api_request& request) {
  auto runner = admit_runner(in, request);
  if (!runner) return runner.refusal;
  in.data.runners.remove(runner->id);
  in.queue.forget(runner->id);
  return empty_reply(204);
}

reply unregister_manager(context& in, api_request& request) {
  auto const system_id = request.params.require("system_id");
  auto runner = admit_runner(in, request);
  if (!runner) return runner.refusal;
  if (!in.data.runners.remove_manager(runner->id, system_id)) {
    return not_found("Runner manager not found");
  }
  if (in.data.runners.managers(runner->id).empty()) in.data.runners.clear_contact(runner->id);
  return empty_reply(204);
}

reply reset_own_token(context& in, api_request& request) {
  auto runner = admit_runner(in, request);
  if (!runner) return runner.refusal;
  transaction all(in.data.db);
  heartbeat(in, request, *runner);
  bool const created = runner->registration_type == "authenticated_user";
  auto const token = make_token(created ? "glrt-" : "glrtr-");
  runner->token_hash = sha256(token);
  in.data.runners.update(*runner);
  all.commit();
  return json_reply(201, boost::json::object{{"token", token},
                                             {"token_expires_at", json_time(runner->token_expires_at)}});
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
