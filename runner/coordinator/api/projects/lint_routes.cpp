#include "runner/coordinator/api/access/runner_access.hpp"
#include "runner/coordinator/api/dispatch.hpp"
#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/context.hpp"
#include "runner/coordinator/pipeline_start.hpp"
#include "runner/pipeline/pipeline.hpp"

#include <boost/json/array.hpp>

namespace corunner::coordinator {

namespace {

boost::json::array texts(std::vector<pipeline::diagnostic> const& list) {
  boost::json::array lines;
  for (auto const& item : list) lines.emplace_back(pipeline::to_string(item));
  return lines;
}

boost::json::array jobs_json(pipeline::plan const& plan) {
  boost::json::array jobs;
  for (auto const& job : plan.jobs) {
    jobs.push_back(boost::json::object{{"name", job.name}, {"stage", job.stage}});
  }
  return jobs;
}

// GitLab's shape; the merged configuration is not shown.
boost::json::object lint_json(pipeline::evaluation const& found, bool with_jobs) {
  auto errors = texts(found.errors);
  if (errors.empty() && !found.note.empty()) errors.emplace_back(found.note);
  boost::json::object json{{"valid", found.outcome != pipeline::verdict::invalid},
                           {"errors", std::move(errors)},
                           {"warnings", texts(found.warnings)},
                           {"merged_yaml", nullptr},
                           {"includes", boost::json::array()}};
  if (with_jobs) json["jobs"] = jobs_json(found.plan);
  return json;
}

// POST /projects/:id/ci/lint: judges `content` as the configuration of the project at `ref`.
awaitable<void> lint(context& in, api_request& request) {
  auto user = admit_user(in, request);
  auto const content = request.params.require("content");
  auto const ref = request.params.text("ref").value_or("");
  bool const with_jobs = request.params.boolean("include_jobs").value_or(false);
  admitted<project_record> project{{}, user.refusal};
  if (user) project = project_of_path(in, request, *user, role::developer);
  if (!project) {
    co_await send(request.exchange, std::move(project.refusal));
    co_return;
  }
  auto const judged = co_await judge_configuration(in, *project, ref, content);
  auto answer = judged.failure.empty() ? json_reply(200, lint_json(judged.found, with_jobs))
                                       : bad_request(judged.failure);
  co_await send(request.exchange, std::move(answer));
}

constexpr route table[] = {
    {"POST", "/projects/:id/ci/lint", "lint", lint, 1u << 20},
};

}  // namespace

std::span<route const> lint_routes() { return table; }

}  // namespace corunner::coordinator
