#include "runner/coordinator/api/access/authorization.hpp"
#include "runner/coordinator/api/projects/project_json.hpp"
#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/context.hpp"

namespace corunner::coordinator {

namespace {

// The GitLab whose behaviour this follows; clients compare it.
constexpr auto gitlab_version = "19.4.0-corunner";

reply show_version(context& in, api_request& request) {
  auto user = admit_user(in, request, "read_user");
  if (!user) return user.refusal;
  return json_reply(
      200, boost::json::object{{"version", gitlab_version}, {"revision", CORUNNER_VERSION}});
}

reply show_metadata(context& in, api_request& request) {
  auto user = admit_user(in, request, "read_user");
  if (!user) return user.refusal;
  return json_reply(200, boost::json::object{{"version", gitlab_version},
                                             {"revision", CORUNNER_VERSION},
                                             {"kas", boost::json::object{{"enabled", false}}},
                                             {"enterprise", false}});
}

reply show_user(context& in, api_request& request) {
  auto user = admit_user(in, request, "read_user");
  if (!user) return user.refusal;
  auto json = user_json(in, *user);
  json["email"] = user->email;
  json["is_admin"] = user->administrator;
  json["created_at"] = iso_time(user->created_at);
  return json_reply(200, std::move(json));
}

reply show_own_job(context& in, api_request& request) {
  auto const job = job_of_token(in, job_token_of(request));
  if (!job) return unauthorized();
  return json_reply(200, job_json(in, *job));
}

constexpr route table[] = {
    {"GET", "/version", "instance", show_version},
    {"GET", "/metadata", "instance", show_metadata},
    {"GET", "/user", "instance", show_user},
    {"GET", "/job", "instance", show_own_job},
};

}  // namespace

std::span<route const> instance_routes() { return table; }

}  // namespace corunner::coordinator
