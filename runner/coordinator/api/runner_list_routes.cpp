#include "runner/coordinator/api/authorization.hpp"
#include "runner/coordinator/api/page.hpp"
#include "runner/coordinator/api/project_lookup.hpp"
#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/api/runner_json.hpp"
#include "runner/coordinator/context.hpp"

#include <algorithm>

namespace corunner::coordinator {

namespace {

constexpr auto contact_words = {"active", "paused", "online", "offline", "never_contacted", "stale"};

bool is_contact_word(std::string const& word) {
  return std::find(contact_words.begin(), contact_words.end(), word) != contact_words.end();
}

// Whether the version of one of the runner's managers begins with these components.
bool has_version(context& in, runner_record const& runner, std::string const& prefix) {
  for (auto const& manager : in.data.runners.managers(runner.id)) {
    auto const version = manager.version.value_or("");
    if (version.starts_with(prefix) &&
        (version.size() == prefix.size() || prefix.ends_with('.') || version[prefix.size()] == '.' ||
         version[prefix.size()] == '-' || version[prefix.size()] == '~')) {
      return true;
    }
  }
  return false;
}

// Reads the filters, drops what they refuse and answers with a page of the rest.
reply filtered(context& in, api_request& request, std::vector<runner_record> runners, bool wide_scope,
               bool with_scope = true) {
  auto& params = request.params;
  std::optional<std::string> scope;
  if (with_scope && wide_scope) {
    scope = params.choice("scope", {"active", "paused", "online", "offline", "never_contacted", "stale",
                                    "specific", "shared", "instance_type", "group_type", "project_type"});
  } else if (with_scope) {
    scope = params.choice("scope", {"active", "paused", "online", "offline", "never_contacted", "stale"});
  }
  auto const type = params.choice("type", {"instance_type", "group_type", "project_type"});
  auto const status =
      params.choice("status", {"online", "offline", "never_contacted", "stale", "active", "paused"});
  auto const paused = params.boolean("paused");
  auto const tags = params.list("tag_list");
  auto const version = params.text("version_prefix");
  if (version && version->find_first_not_of("0123456789.+") == 0) params.fault("version_prefix is invalid");
  if (!params.good()) return error_reply(400, params.faults());

  auto const now = in.now();
  std::erase_if(runners, [&](runner_record const& runner) {
    if (scope && is_contact_word(*scope) && !passes_status_filter(runner, *scope, now)) return true;
    if (scope == "specific" && runner.type == "instance_type") return true;
    if (scope == "shared" && runner.type != "instance_type") return true;
    if (scope && scope->ends_with("_type") && runner.type != *scope) return true;
    if (type && runner.type != *type) return true;
    if (status && !passes_status_filter(runner, *status, now)) return true;
    if (paused && runner.active == *paused) return true;
    if (version && !has_version(in, runner, *version)) return true;
    if (!tags) return false;
    return !std::all_of(tags->begin(), tags->end(), [&](std::string const& tag) {
      return std::find(runner.tags.begin(), runner.tags.end(), tag) != runner.tags.end();
    });
  });
  return page_reply(in, request, runners.size(),
                    [&](std::size_t place) { return runner_json(in, runners[place]); });
}

reply list_own(context& in, api_request& request) {
  auto user = admit_user(in, request);
  if (!user) return user.refusal;
  auto runners = in.data.runners.all();
  if (!user->administrator) runners.clear();
  return filtered(in, request, std::move(runners), false);
}

reply list_all(context& in, api_request& request) {
  auto user = admit_administrator(in, request);
  if (!user) return user.refusal;
  return filtered(in, request, in.data.runners.all(), true);
}

bool group_holds(std::string const& group, std::string const& path) {
  return path == group || path.starts_with(group + "/");
}

reply list_of_project(context& in, api_request& request) {
  auto user = admit_administrator(in, request);
  if (!user) return user.refusal;
  auto const project = find_project(in, request.captures[0]);
  if (!project) return not_found("Project");
  auto runners = in.data.runners.all();
  std::erase_if(runners, [&](runner_record const& runner) {
    if (runner.type == "instance_type") return false;
    if (runner.type == "group_type") {
      return !group_holds(in.data.projects.group_path(runner.group_id.value_or(0)).value_or(""), project->path);
    }
    auto const ids = in.data.runners.projects(runner.id);
    return std::find(ids.begin(), ids.end(), project->id) == ids.end();
  });
  return filtered(in, request, std::move(runners), true);
}

reply list_of_group(context& in, api_request& request) {
  auto user = admit_administrator(in, request);
  if (!user) return user.refusal;
  auto path = in.data.projects.group_path(request.number(0).value_or(0));
  if (!path && in.data.projects.find_group(request.captures[0])) path = request.captures[0];
  if (!path) return not_found("Group");
  auto runners = in.data.runners.all();
  std::erase_if(runners, [&](runner_record const& runner) {
    if (runner.type == "instance_type") return false;
    if (runner.type == "project_type") return true;
    return !group_holds(in.data.projects.group_path(runner.group_id.value_or(0)).value_or(""), *path);
  });
  return filtered(in, request, std::move(runners), false, false);
}

reply assign_to_project(context& in, api_request& request) {
  auto user = admit_administrator(in, request);
  if (!user) return user.refusal;
  auto const id = request.params.integer("runner_id");
  if (!request.params.has("runner_id")) request.params.fault("runner_id is missing");
  if (!request.params.good() || !id) return error_reply(400, request.params.faults());
  auto const project = find_project(in, request.captures[0]);
  if (!project) return not_found("Project");
  auto const runner = in.data.runners.find(*id);
  if (!runner) return not_found("Runner");
  if (runner->type == "group_type") return forbidden("Runner is a group runner");
  if (runner->type == "instance_type") return bad_request("Runner is an instance runner");
  auto const assigned = in.data.runners.projects(runner->id);
  if (assigned.empty()) return bad_request("Taking over an orphaned project runner is not allowed");
  if (std::find(assigned.begin(), assigned.end(), project->id) != assigned.end()) {
    return model_error({{"runner_id", "has already been taken"}});
  }
  in.data.runners.assign(runner->id, project->id);
  in.queue.tick(runner->id);
  return json_reply(201, runner_json(in, *runner));
}

reply unassign_from_project(context& in, api_request& request) {
  auto user = admit_administrator(in, request);
  if (!user) return user.refusal;
  auto const project = find_project(in, request.captures[0]);
  if (!project) return not_found("Project");
  auto const runner = request.number(1);
  auto const assigned = in.data.runners.projects(runner.value_or(0));
  auto const place = std::find(assigned.begin(), assigned.end(), project->id);
  if (place == assigned.end()) return not_found("Runner");
  if (place == assigned.begin()) {
    return forbidden("You cannot unassign a runner from the owner project. Delete the runner instead");
  }
  in.data.runners.unassign(*runner, project->id);
  return empty_reply(204);
}

constexpr route table[] = {
    {"GET", "/runners", "runners", list_own},
    {"GET", "/runners/all", "runners", list_all},
    {"GET", "/projects/:id/runners", "runners", list_of_project},
    {"GET", "/groups/:id/runners", "runners", list_of_group},
    {"POST", "/projects/:id/runners", "runners", assign_to_project},
    {"DELETE", "/projects/:id/runners/:runner_id", "runners", unassign_from_project},
};

}  // namespace

std::span<route const> runner_list_routes() { return table; }

}  // namespace corunner::coordinator
