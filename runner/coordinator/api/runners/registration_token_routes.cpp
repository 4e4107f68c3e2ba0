#include "runner/coordinator/api/access/runner_access.hpp"
#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/context.hpp"
#include "runner/coordinator/token.hpp"

namespace corunner::coordinator {

namespace {

// New registration tokens (runners-api.md 4.6, deprecated by GitLab). They do not expire; GitLab
// shows them, the coordinator keeps their hashes alone, so each is shown here, once.

constexpr auto prefix = "GR1348941";

reply shown(std::string const& token) {
  return json_reply(201, boost::json::object{{"token", token}});
}

reply reset_of_instance(context& in, api_request& request) {
  auto user = admit_user(in, request);
  if (!user) return user.refusal;
  if (!user->administrator) return forbidden();
  auto const token = make_token(prefix);
  in.data.access.set_setting("registration_token_hash", sha256(token));
  return shown(token);
}

reply reset_of_project(context& in, api_request& request) {
  auto user = admit_user(in, request);
  if (!user) return user.refusal;
  auto const project = project_of_path(in, request, *user, role::maintainer);
  if (!project.who) return project.refusal;
  auto const token = make_token(prefix);
  in.data.policies.set_registration_token(policy_table::holder::project, project.who->id,
                                          sha256(token));
  return shown(token);
}

reply reset_of_group(context& in, api_request& request) {
  auto user = admit_user(in, request);
  if (!user) return user.refusal;
  auto const group = group_of_path(in, request, *user, role::owner);
  if (!group.who) return group.refusal;
  auto const token = make_token(prefix);
  in.data.policies.set_registration_token(policy_table::holder::group, group.who->id,
                                          sha256(token));
  return shown(token);
}

constexpr route table[] = {
    {"POST", "/runners/reset_registration_token", "reset_registration", reset_of_instance},
    {"POST", "/projects/:id/runners/reset_registration_token", "reset_registration",
     reset_of_project},
    {"POST", "/groups/:id/runners/reset_registration_token", "reset_registration", reset_of_group},
};

}  // namespace

std::span<route const> registration_token_routes() { return table; }

}  // namespace corunner::coordinator
