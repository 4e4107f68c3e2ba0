#include "runner/coordinator/api/runners/runner_json.hpp"

#include "runner/coordinator/api/projects/project_json.hpp"
#include "runner/coordinator/context.hpp"
#include "runner/coordinator/runner_status.hpp"

#include <boost/json/array.hpp>

namespace corunner::coordinator {

namespace {

template <class T>
boost::json::value maybe(std::optional<T> const& value) {
  if (!value) return nullptr;
  return boost::json::value(*value);
}

boost::json::value creator_json(context& in, runner_record const& runner) {
  if (!runner.creator_id) return nullptr;
  auto const user = in.data.access.find_user(*runner.creator_id);
  if (!user) return nullptr;
  return user_json(in, *user);
}

}  // namespace

boost::json::object runner_json(context& in, runner_record const& runner) {
  auto const now = in.now();
  boost::json::value online = nullptr;
  if (runner.contacted_at) online = *runner.contacted_at > now - online_window;
  return {{"id", runner.id},
          {"description", maybe(runner.description)},
          {"ip_address", ""},
          {"active", runner.active},
          {"paused", !runner.active},
          {"is_shared", runner.type == "instance_type"},
          {"runner_type", runner.type},
          {"name", maybe(runner.name)},
          {"online", online},
          {"created_by", creator_json(in, runner)},
          {"created_at", iso_time(runner.created_at)},
          {"status", rest_status(runner, now)},
          {"job_execution_status", in.data.jobs.executes(runner.id) ? "active" : "idle"}};
}

boost::json::object runner_details_json(context& in, runner_record const& runner,
                                        rights const& viewer, bool with_projects) {
  auto json = runner_json(in, runner);
  auto const managers = in.data.runners.managers(runner.id);
  manager_record const newest = managers.empty() ? manager_record() : managers.front();
  boost::json::array tags;
  for (auto const& tag : runner.tags) tags.emplace_back(tag);
  json["tag_list"] = std::move(tags);
  json["run_untagged"] = runner.run_untagged;
  json["locked"] = runner.locked;
  json["maximum_timeout"] = maybe(runner.maximum_timeout);
  json["access_level"] = runner.access_level;
  json["version"] = maybe(newest.version);
  json["revision"] = maybe(newest.revision);
  json["platform"] = maybe(newest.platform);
  json["architecture"] = maybe(newest.architecture);
  json["contacted_at"] = json_time(runner.contacted_at);
  json["maintenance_note"] = viewer.changes(runner) ? maybe(runner.maintenance_note) : nullptr;
  if (with_projects) {
    boost::json::array projects;
    for (auto const id : in.data.runners.projects(runner.id)) {
      auto const project = viewer.sees_project(id) ? in.data.projects.find(id) : std::nullopt;
      if (project) projects.push_back(project_json(in, *project));
    }
    json["projects"] = std::move(projects);
  }
  boost::json::array groups;
  if (runner.group_id) {
    auto const path = in.data.projects.group_path(*runner.group_id).value_or("");
    groups.push_back(boost::json::object{{"id", *runner.group_id},
                                         {"web_url", in.url() + "/groups/" + path},
                                         {"name", path.substr(path.rfind('/') + 1)}});
  }
  json["groups"] = std::move(groups);
  return json;
}

boost::json::object manager_json(context& in, manager_record const& manager) {
  bool const busy = in.data.jobs.executes(manager.runner_id, manager.id);
  return {{"id", manager.id},
          {"system_id", manager.system_id},
          {"version", maybe(manager.version)},
          {"revision", maybe(manager.revision)},
          {"platform", maybe(manager.platform)},
          {"architecture", maybe(manager.architecture)},
          {"created_at", iso_time(manager.created_at)},
          {"contacted_at", json_time(manager.contacted_at)},
          {"ip_address", manager.ip_address},
          {"status", contact_status(manager.contacted_at, manager.created_at, in.now())},
          {"job_execution_status", busy ? "active" : "idle"}};
}

boost::json::object new_token_json(runner_record const& runner, std::string const& token) {
  return {{"token", token}, {"token_expires_at", json_time(runner.token_expires_at)}};
}

boost::json::object registration_json(runner_record const& runner, std::string const& token) {
  return {{"id", runner.id},
          {"token", token},
          {"token_expires_at", json_time(runner.token_expires_at)}};
}

}  // namespace corunner::coordinator
