#include "runner/coordinator/api/projects/project_lookup.hpp"
#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/context.hpp"
#include "runner/coordinator/new_runner.hpp"
#include "runner/coordinator/token.hpp"

#include <fmt/format.h>

namespace corunner::coordinator {

namespace {

// Things that a GitLab has and a test wants: users of different roles, projects and groups,
// settings, and runners whose past is long (runners-api.md 7). Times are seconds.

std::optional<std::int64_t> milliseconds_of(parameters& params, std::string_view key) {
  auto const seconds = params.integer(key);
  constexpr std::int64_t most = 100LL * 365 * 24 * 3600;
  if (seconds && (*seconds < -most || *seconds > most)) {
    params.fault(fmt::format("{} is invalid", key));
  }
  if (!seconds || !params.good()) return std::nullopt;
  return *seconds * 1000;
}

// A user with an access token: {"username", "administrator", "auditor", "scopes", "expires_in",
// "revoked"}; an existing user gets another token.
reply add_user(context& in, api_request& request) {
  auto& params = request.params;
  user_record user;
  user.username = params.require("username");
  user.name = user.username;
  user.email = user.username + "@localhost";
  user.administrator = params.boolean("administrator").value_or(false);
  user.auditor = params.boolean("auditor").value_or(false);
  user.created_at = in.now();
  auto const scopes = params.text("scopes").value_or("api");
  auto const life = milliseconds_of(params, "expires_in");
  bool const revoked = params.boolean("revoked").value_or(false);
  if (!params.good()) return error_reply(400, params.faults());
  transaction all(in.data.db);
  auto const known = in.data.access.find_user(user.username);
  auto const id = known ? known->id : in.data.access.add_user(user);
  auto const token = make_token("glpat-");
  in.data.access.add_token(id, sha256(token), "test", scopes,
                           life ? maybe_time(in.now() + *life) : maybe_time());
  if (revoked) in.data.access.revoke_token(sha256(token));
  all.commit();
  return json_reply(201, boost::json::object{{"id", id}, {"token", token}});
}

// {"username", "level"} and "project" (id or path) or "group" (path).
reply add_member(context& in, api_request& request) {
  auto& params = request.params;
  auto const user = in.data.access.find_user(params.require("username"));
  auto const level = static_cast<role>(params.integer("level").value_or(0));
  auto const path_of_group = params.text("group");
  auto const project = find_project(in, params.text("project").value_or(""));
  auto const group = path_of_group ? in.data.projects.find_group(*path_of_group) : std::nullopt;
  if (!user) params.fault("username is invalid");
  if (!project && !group) {
    params.fault("project, group are missing, exactly one parameter must be provided");
  }
  if (!params.good()) return error_reply(400, params.faults());
  if (group) in.data.members.set_in_group(user->id, *group, level);
  if (project) in.data.members.set_in_project(user->id, project->id, level);
  return empty_reply(204);
}

runner_policy read_policy(parameters& params) {
  runner_policy policy;
  policy.registration_allowed = params.boolean("registration_allowed").value_or(true);
  policy.lifetime = milliseconds_of(params, "runner_token_lifetime");
  return policy;
}

// Makes or changes a project: {"path", "instance_runners", "group_runners", "registration_allowed",
// "runner_token_lifetime"}.
reply add_project(context& in, api_request& request) {
  auto& params = request.params;
  project_record project;
  project.path = params.require("path");
  project.default_branch = "main";
  project.created_at = in.now();
  bool const instance_runners = params.boolean("instance_runners").value_or(true);
  bool const group_runners = params.boolean("group_runners").value_or(true);
  auto const policy = read_policy(params);
  if (project.path.empty()) params.fault("path is invalid");
  if (!params.good()) return error_reply(400, params.faults());
  transaction all(in.data.db);
  if (auto const known = in.data.projects.find(project.path)) project = *known;
  in.data.projects.save(project);
  in.data.projects.allow_runners(project.id, instance_runners, group_runners);
  in.data.policies.set(policy_table::holder::project, project.id, policy);
  all.commit();
  return json_reply(201, boost::json::object{{"id", project.id}, {"group_id", project.group_id}});
}

// {"path", "registration_allowed", "runner_token_lifetime"}
reply add_group(context& in, api_request& request) {
  auto& params = request.params;
  auto const path = params.require("path");
  auto const policy = read_policy(params);
  if (path.empty()) params.fault("path is invalid");
  if (!params.good()) return error_reply(400, params.faults());
  transaction all(in.data.db);
  auto const id = in.data.projects.ensure_group(path);
  in.data.policies.set(policy_table::holder::group, id, policy);
  all.commit();
  return json_reply(201, boost::json::object{{"id", id}});
}

// {"registration_tokens", "runner_token_lifetime", "group_runner_token_lifetime",
// "project_runner_token_lifetime"}
reply change_settings(context& in, api_request& request) {
  auto& params = request.params;
  auto const tokens = params.boolean("registration_tokens");
  for (auto const* const key : {instance_lifetime, group_lifetime, project_lifetime}) {
    auto const life = milliseconds_of(params, key);
    if (life) in.data.access.set_setting(key, std::to_string(*life));
    if (params.is_null(key)) in.data.access.set_setting(key, "none");
  }
  if (!params.good()) return error_reply(400, params.faults());
  if (tokens) in.options.registration_tokens = *tokens;
  return empty_reply(204);
}

// Gives a runner a past: {"created_ago", "contacted_ago", "token_expires_in"}.
reply change_runner(context& in, api_request& request) {
  auto& params = request.params;
  auto runner = in.data.runners.find(request.number(0).value_or(0));
  auto const created = milliseconds_of(params, "created_ago");
  auto const contacted = milliseconds_of(params, "contacted_ago");
  auto const life = milliseconds_of(params, "token_expires_in");
  if (!params.good()) return error_reply(400, params.faults());
  if (!runner) return not_found("Runner");
  auto const now = in.now();
  if (created) in.data.runners.set_created(runner->id, now - *created);
  if (contacted) runner->contacted_at = now - *contacted;
  if (life) runner->token_expires_at = now + *life;
  in.data.runners.update(*runner);
  return empty_reply(204);
}

constexpr route table[] = {
    {"POST", "/_test/users", "test_world", add_user},
    {"POST", "/_test/members", "test_world", add_member},
    {"POST", "/_test/projects", "test_world", add_project},
    {"POST", "/_test/groups", "test_world", add_group},
    {"POST", "/_test/settings", "test_world", change_settings},
    {"POST", "/_test/runners/:id", "test_world", change_runner},
};

}  // namespace

std::span<route const> test_world_routes() { return table; }

}  // namespace corunner::coordinator
