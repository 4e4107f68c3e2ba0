#include "runner/coordinator/api/access/runner_access.hpp"
#include "runner/coordinator/api/page.hpp"
#include "runner/coordinator/api/projects/project_json.hpp"
#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/context.hpp"
#include "runner/coordinator/storage/job_filter.hpp"

#include <charconv>

namespace corunner::coordinator {

namespace {

// GET /runners/:id/jobs (runners-api.md 4.2), in pages or, on wish, in the keyset form (1.5), whose
// cursor is the last id that was shown.

struct job_wish {
  job_filter filter;
  page_wish page;
  bool keyset = false;
  bool of_one_manager = false;
};

std::optional<std::int64_t> read_cursor(parameters& params) {
  auto const text = params.text("cursor").value_or("");
  if (text.empty()) return std::nullopt;
  std::int64_t id = 0;
  auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (failed == std::errc() && end == text.data() + text.size()) return id;
  params.fault("cursor is invalid");
  return std::nullopt;
}

job_wish read_wish(parameters& params) {
  job_wish wish;
  wish.filter.status =
      params.choice("status", {"created", "waiting_for_resource", "preparing",
                               "waiting_for_callback", "pending", "running", "success", "failed",
                               "canceling", "canceled", "skipped", "manual", "scheduled"});
  auto const order = params.choice("order_by", {"id"});
  auto const sort = params.choice("sort", {"asc", "desc"});
  wish.filter.newest_first = order && sort != "asc";
  wish.of_one_manager = params.has("system_id");
  wish.keyset = params.choice("pagination", {"legacy", "keyset"}) == "keyset";
  if (wish.keyset) wish.filter.before = read_cursor(params);
  wish.page = read_page(params);
  return wish;
}

boost::json::array jobs_json(context& in, std::vector<std::int64_t> const& ids) {
  boost::json::array items;
  for (auto const id : ids) {
    if (auto const job = in.data.jobs.find(id)) items.push_back(job_json(in, *job));
  }
  return items;
}

reply in_keyset(context& in, api_request& request, job_wish const& wish) {
  if (!wish.filter.newest_first) {
    return error_reply(405, "Keyset pagination is not yet available for this type of request");
  }
  auto ids = find_jobs(in.data.db, wish.filter, wish.page.per_page + 1, 0);
  bool const more = static_cast<std::int64_t>(ids.size()) > wish.page.per_page;
  if (more) ids.pop_back();
  auto const cursor = more ? std::to_string(ids.back()) : std::string();
  return keyset_reply(in, request, wish.page, jobs_json(in, ids), cursor);
}

reply in_pages(context& in, api_request& request, job_wish const& wish) {
  page_content content;
  auto ids = find_jobs(in.data.db, wish.filter, wish.page.per_page + 1, wish.page.offset());
  content.more = static_cast<std::int64_t>(ids.size()) > wish.page.per_page;
  if (content.more) ids.pop_back();
  if (!wish.of_one_manager) {
    auto const total = count_jobs(in.data.db, wish.filter);
    if (total <= most_counted) content.total = total;
  }
  content.items = jobs_json(in, ids);
  return page_reply(in, request, wish.page, std::move(content));
}

reply list_jobs_of(context& in, api_request& request) {
  auto user = admit_user(in, request, "manage_runner");
  if (!user) return user.refusal;
  auto wish = read_wish(request.params);
  auto const system_id = request.params.text("system_id");
  auto runner = runner_of_path(in, request, *user, &rights::reads_jobs);
  if (!runner) return runner.refusal;
  wish.filter.runner = runner->id;
  wish.filter.projects = rights(in, *user).seen_projects();
  if (system_id) {
    auto const manager = in.data.runners.find_manager(runner->id, *system_id);
    wish.filter.manager = manager ? manager->id : 0;
  }
  return wish.keyset ? in_keyset(in, request, wish) : in_pages(in, request, wish);
}

constexpr route table[] = {
    {"GET", "/runners/:id/jobs", "runner", list_jobs_of},
};

}  // namespace

std::span<route const> runner_job_routes() { return table; }

}  // namespace corunner::coordinator
