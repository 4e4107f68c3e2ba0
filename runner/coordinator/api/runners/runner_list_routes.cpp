#include "runner/coordinator/api/access/runner_access.hpp"
#include "runner/coordinator/api/page.hpp"
#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/api/runners/runner_json.hpp"
#include "runner/coordinator/context.hpp"
#include "runner/coordinator/runner_status.hpp"

#include <algorithm>

namespace corunner::coordinator {

namespace {

// Which values of the deprecated `scope` a list knows.
enum class scope_words { none, contact, all };

void restrict_to_type(runner_filter& filter, std::string const& type) {
  if (filter.type && *filter.type != type) filter.nothing = true;
  filter.type = type;
}

void read_scope(parameters& params, scope_words known, runner_filter& filter,
                milliseconds_since_epoch now) {
  std::optional<std::string> scope;
  if (known == scope_words::contact) {
    scope = params.choice("scope",
                          {"active", "paused", "online", "offline", "never_contacted", "stale"});
  } else if (known == scope_words::all) {
    scope = params.choice(
        "scope", {"active", "paused", "online", "offline", "never_contacted", "stale", "specific",
                  "shared", "instance_type", "group_type", "project_type"});
  }
  if (!scope) return;
  if (scope->ends_with("_type")) return restrict_to_type(filter, *scope);
  if (*scope == "specific" || *scope == "shared") {
    filter.instance = *scope == "shared";
  } else {
    restrict_to_status(filter, *scope, now);
  }
}

// "15.0" stands for all versions with these first components; what is no such text is refused.
void read_version(parameters& params, runner_filter& filter) {
  auto version = params.text("version_prefix");
  if (!version || version->empty()) return;
  constexpr auto good = "0123456789.+";
  if (std::string_view(good).find(version->front()) == std::string_view::npos) {
    return params.fault("version_prefix is invalid");
  }
  version->resize(std::min(version->size(), version->find_first_not_of(good)));
  while (version->ends_with('.')) version->pop_back();
  filter.version = std::move(*version);
}

void read_filter(context& in, parameters& params, scope_words known, runner_filter& filter) {
  auto const now = in.now();
  read_scope(params, known, filter, now);
  if (auto const type = params.choice("type", {"instance_type", "group_type", "project_type"})) {
    restrict_to_type(filter, *type);
  }
  auto const status = params.choice(
      "status", {"online", "offline", "never_contacted", "stale", "active", "paused"});
  if (status) restrict_to_status(filter, *status, now);
  if (auto const paused = params.boolean("paused")) restrict_to_active(filter, !*paused);
  if (auto tags = params.list("tag_list")) filter.tags = std::move(*tags);
  read_version(params, filter);
}

reply listed(context& in, api_request& request, runner_filter const& filter, page_wish wish) {
  auto& db = in.data.db;
  page_content content;
  auto const total = count_runners(db, filter);
  if (total <= most_counted) content.total = total;
  content.more = wish.page * wish.per_page < total;
  for (auto const id : find_runners(db, filter, wish.per_page, wish.offset())) {
    if (auto const runner = in.data.runners.find(id)) {
      content.items.push_back(runner_json(in, *runner));
    }
  }
  return page_reply(in, request, wish, std::move(content));
}

// GET /runners: those that the user may change.
reply list_own(context& in, api_request& request) {
  auto user = admit_user(in, request);
  if (!user) return user.refusal;
  runner_filter filter;
  read_filter(in, request.params, scope_words::contact, filter);
  auto const wish = read_page(request.params);
  if (!request.params.good()) return error_reply(400, request.params.faults());
  if (!user->administrator) filter.among = rights(in, *user).own_runners();
  return listed(in, request, filter, wish);
}

reply list_all(context& in, api_request& request) {
  auto user = admit_user(in, request);
  if (!user) return user.refusal;
  runner_filter filter;
  read_filter(in, request.params, scope_words::all, filter);
  auto const wish = read_page(request.params);
  if (!request.params.good()) return error_reply(400, request.params.faults());
  if (!rights(in, *user).reads_all()) return forbidden();
  return listed(in, request, filter, wish);
}

// Its own runners, those of the groups around it, and those of the instance.
reply list_of_project(context& in, api_request& request) {
  auto user = admit_user(in, request);
  if (!user) return user.refusal;
  runner_filter filter;
  read_filter(in, request.params, scope_words::all, filter);
  auto const wish = read_page(request.params);
  auto project = project_of_path(in, request, *user, role::maintainer);
  if (!project) return project.refusal;
  filter.among = in.data.runners.of_projects({project->id});
  if (project->group_runners) {
    auto const more = in.data.runners.of_groups(in.data.projects.groups_around(project->group_id));
    filter.among->insert(filter.among->end(), more.begin(), more.end());
  }
  filter.or_instance = project->instance_runners;
  return listed(in, request, filter, wish);
}

// Its own runners and those of the groups around it, and those of the instance; no `scope`.
reply list_of_group(context& in, api_request& request) {
  auto user = admit_user(in, request);
  if (!user) return user.refusal;
  runner_filter filter;
  read_filter(in, request.params, scope_words::none, filter);
  auto const wish = read_page(request.params);
  auto group = group_of_path(in, request, *user, role::maintainer);
  if (!group) return group.refusal;
  filter.among = in.data.runners.of_groups(in.data.projects.groups_around(group->id));
  filter.or_instance = true;
  return listed(in, request, filter, wish);
}

// "/projects/:id/runners/:runner_id" can only be deleted; "all" there is a path that GitLab lacks.
reply no_such_list(context&, api_request&) { return error_reply(404, "404 Not Found"); }

constexpr route table[] = {
    {"GET", "/runners", "runners", list_own},
    {"GET", "/runners/all", "runners", list_all},
    {"GET", "/projects/:id/runners", "runners", list_of_project},
    {"GET", "/projects/:id/runners/all", "runners", no_such_list},
    {"GET", "/groups/:id/runners", "runners", list_of_group},
};

}  // namespace

std::span<route const> runner_list_routes() { return table; }

}  // namespace corunner::coordinator
