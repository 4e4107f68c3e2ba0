#include "runner/command/runners/operations.hpp"

#include "runner/command/runners/runners_command.hpp"

namespace corunner {

namespace {

constexpr std::string_view runner_types = "instance_type|group_type|project_type";
constexpr std::string_view runner_states = "online|offline|stale|never_contacted|active|paused";
constexpr std::string_view job_states =
    "created|waiting_for_resource|preparing|waiting_for_callback|pending|running|success|failed|"
    "canceling|canceled|skipped|manual|scheduled";

constexpr parameter page{"page", "page", shape::number, "only this page, counted from 1"};
constexpr parameter per_page{"per-page", "per_page", shape::number,
                             "how many to ask for at once, at most 100"};

// --- what may be said of runners ---

constexpr parameter filters[] = {
    {"type", "type", shape::choice, "instance, group or project", runner_types},
    {"status", "status", shape::choice, "online, paused, stale, never_contacted, ...",
     runner_states},
    {"paused", "paused", shape::boolean, "only paused ones; --paused=false: the others"},
    {"tag-list, tags", "tag_list", shape::tags, "only those with all of these tags (a,b)"},
    {"version-prefix", "version_prefix", shape::text,
     "only those of this version: 19, 19.4, 19.4.0"},
    {"scope", "scope", shape::text, "older name of --status and --type"},
    page,
    per_page,
};

constexpr parameter settings[] = {
    {"description", "description", shape::text, "what it is called in GitLab"},
    {"paused", "paused", shape::boolean, "take no new jobs; --paused=false: take jobs"},
    {"tag-list, tags", "tag_list", shape::tags, "its tags (a,b), in place of those it has"},
    {"run-untagged", "run_untagged", shape::boolean, "take jobs without tags, too; or =false"},
    {"locked", "locked", shape::boolean, "keep it to the projects it has; or =false"},
    {"access-level", "access_level", shape::choice, "not_protected or ref_protected",
     "not_protected|ref_protected"},
    {"maximum-timeout", "maximum_timeout", shape::number,
     "longest job in seconds (600 or more), or none"},
    {"maintenance-note", "maintenance_note", shape::text, "a note for administrators"},
};

constexpr parameter details[] = {
    {"projects", "include_projects", shape::boolean,
     "--projects=false: leave out the list of projects"},
};

constexpr parameter job_filters[] = {
    {"system-id", "system_id", shape::text, "only those of this machine (see `managers`)"},
    {"status", "status", shape::choice, "running, success, failed, canceled, ...", job_states},
    {"order-by", "order_by", shape::choice, "id: by number, not by time", "id"},
    {"sort", "sort", shape::choice, "asc or desc, with --order-by", "asc|desc"},
    page,
    per_page,
};

constexpr parameter pages[] = {page, per_page};

constexpr parameter checks[] = {
    {"system-id", "system_id", shape::text, "of the machine in whose name it is checked"},
};

// --- the calls ---

constexpr route list_routes[] = {{aim::own, "runners"},
                                 {aim::all, "runners/all"},
                                 {aim::project, "projects/:project/runners"},
                                 {aim::group, "groups/:group/runners"}};
constexpr route one[] = {{aim::runner, "runners/:id"}};
constexpr route one_paused[] = {{aim::runner, "runners/:id", "paused=true"}};
constexpr route one_resumed[] = {{aim::runner, "runners/:id", "paused=false"}};
constexpr route one_jobs[] = {{aim::runner, "runners/:id/jobs"}};
constexpr route one_managers[] = {{aim::runner, "runners/:id/managers"}};
constexpr route one_projects[] = {{aim::runner, "runners/:id/projects"}};
constexpr route assign_routes[] = {{aim::project, "projects/:project/runners", "runner_id=:id"}};
constexpr route unassign_routes[] = {{aim::project, "projects/:project/runners/:id"}};
constexpr route create_routes[] = {
    {aim::instance, "user/runners", "runner_type=instance_type"},
    {aim::project, "user/runners", "runner_type=project_type project_id=:project"},
    {aim::group, "user/runners", "runner_type=group_type group_id=:group"}};
constexpr route delete_routes[] = {{aim::runner, "runners/:id"},
                                   {aim::token, "runners", "token=:token"}};
constexpr route verify_routes[] = {{aim::token, "runners/verify", "token=:token"}};
constexpr route reset_routes[] = {
    {aim::runner, "runners/:id/reset_authentication_token"},
    {aim::token, "runners/reset_authentication_token", "token=:token"}};
constexpr route reset_registration_routes[] = {
    {aim::instance, "runners/reset_registration_token"},
    {aim::project, "projects/:project/runners/reset_registration_token"},
    {aim::group, "groups/:group/runners/reset_registration_token"}};

constexpr operation list_runners{.method = "GET",
                                 .routes = list_routes,
                                 .parameters = filters,
                                 .shows = view::runners,
                                 .lists = true};
constexpr operation show_runner{
    .method = "GET", .routes = one, .parameters = details, .shows = view::runner};
constexpr operation update_runner{.method = "PUT",
                                  .routes = one,
                                  .parameters = settings,
                                  .shows = view::runner,
                                  .needs_parameter = true};
constexpr operation pause_runner{.method = "PUT",
                                 .routes = one_paused,
                                 .parameters = {},
                                 .shows = view::done,
                                 .said = "runner {} is paused"};
constexpr operation resume_runner{.method = "PUT",
                                  .routes = one_resumed,
                                  .parameters = {},
                                  .shows = view::done,
                                  .said = "runner {} takes jobs"};
constexpr operation list_jobs{.method = "GET",
                              .routes = one_jobs,
                              .parameters = job_filters,
                              .shows = view::jobs,
                              .lists = true};
constexpr operation list_managers{.method = "GET",
                                  .routes = one_managers,
                                  .parameters = {},
                                  .shows = view::managers,
                                  .lists = true};
constexpr operation list_projects{.method = "GET",
                                  .routes = one_projects,
                                  .parameters = pages,
                                  .shows = view::projects,
                                  .lists = true};
constexpr operation assign_runner{.method = "POST",
                                  .routes = assign_routes,
                                  .parameters = {},
                                  .shows = view::done,
                                  .said = "runner {} is assigned to the project"};
constexpr operation unassign_runner{.method = "DELETE",
                                    .routes = unassign_routes,
                                    .parameters = {},
                                    .shows = view::done,
                                    .said = "runner {} is taken from the project"};
constexpr operation create_runner{
    .method = "POST",
    .routes = create_routes,
    .parameters = settings,
    .shows = view::token,
    .said = "runner {} is made; GitLab shows its token only this once",
    .only_once = true};
constexpr operation delete_runner{.method = "DELETE",
                                  .routes = delete_routes,
                                  .parameters = {},
                                  .shows = view::done,
                                  .said = "runner {} is deleted",
                                  .question = "Delete"};
constexpr operation verify_runner{
    .method = "POST", .routes = verify_routes, .parameters = checks, .shows = view::verified};
constexpr operation reset_runner{
    .method = "POST",
    .routes = reset_routes,
    .parameters = {},
    .shows = view::token,
    .said =
        "runner {} has a new token, the old one is dead: give it to every machine of the runner",
    .question = "End the token of",
    .only_once = true};
constexpr operation reset_registration{.method = "POST",
                                       .routes = reset_registration_routes,
                                       .parameters = {},
                                       .shows = view::token,
                                       .said = "the registration token is new, the old one is dead",
                                       .question = "End the registration token of",
                                       .only_once = true};

template <operation const& What>
std::unique_ptr<command> make(services& all) {
  return make_runners_command(all, What);
}

template <operation const& What>
constexpr command_entry entry(std::string_view name, std::string_view summary,
                              std::string_view arguments) {
  return {name,           summary,  make<What>, false, stopping::by_default, visibility::shown,
          greeting::none, arguments};
}

}  // namespace

operation const& runner_making() { return create_runner; }

command_entry const runners_entries[runners_entry_count] = {
    entry<list_runners>("list", "list yours, all, a project's or a group's", ""),
    entry<show_runner>("show", "show all that GitLab knows of a runner", "ID..."),
    entry<update_runner>("update", "change the settings of a runner", "ID..."),
    entry<pause_runner>("pause", "let a runner take no new jobs", "ID..."),
    entry<resume_runner>("resume", "let a runner take jobs again", "ID..."),
    entry<list_jobs>("jobs", "list the jobs of a runner", "ID"),
    entry<list_managers>("managers", "list the machines of a runner", "ID"),
    entry<list_projects>("projects", "list the projects of a runner", "ID"),
    entry<assign_runner>("assign", "give a runner to one more project", "ID..."),
    entry<unassign_runner>("unassign", "take a runner from a project", "ID..."),
    entry<create_runner>("create", "make a runner, print its token", ""),
    entry<delete_runner>("delete", "delete runners, by number or by token", "[ID...]"),
    entry<verify_runner>("verify", "check a runner's token", ""),
    entry<reset_runner>("reset-token", "replace a runner's token, print the new one", "[ID]"),
    entry<reset_registration>("reset-registration-token",
                              "replace a registration token (deprecated)", ""),
};

}  // namespace corunner
