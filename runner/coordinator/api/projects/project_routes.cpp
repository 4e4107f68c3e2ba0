#include "runner/coordinator/api/access/authorization.hpp"
#include "runner/coordinator/api/access/rights.hpp"
#include "runner/coordinator/api/access/runner_access.hpp"
#include "runner/coordinator/api/body/file_answer.hpp"
#include "runner/coordinator/api/dispatch.hpp"
#include "runner/coordinator/api/page.hpp"
#include "runner/coordinator/api/projects/project_json.hpp"
#include "runner/coordinator/api/projects/project_lookup.hpp"
#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/context.hpp"
#include "runner/coordinator/pipeline_start.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace corunner::coordinator {

namespace {

// The project of the path: members see it, developers run things in it.
admitted<project_record> admit_to_project(context& in, api_request& request) {
  auto user = admit_user(in, request);
  if (!user) return {{}, user.refusal};
  auto project = find_project(in, request.captures[0]);
  rights const may(in, *user);
  if (!project || !may.sees_project(project->id)) return {{}, not_found("Project")};
  if (!request.is_reading() && !may.has_in_project(project->id, role::developer)) {
    return {{}, forbidden()};
  }
  return {std::move(project), {}};
}

admitted<pipeline_record> admit_to_pipeline(context& in, api_request& request) {
  auto project = admit_to_project(in, request);
  if (!project) return {{}, project.refusal};
  auto pipeline = in.data.jobs.find_pipeline(request.number(1).value_or(0));
  if (pipeline && pipeline->project_id != project->id) pipeline.reset();
  return {std::move(pipeline), not_found()};
}

admitted<job_record> admit_to_job(context& in, api_request& request) {
  auto project = admit_to_project(in, request);
  if (!project) return {{}, project.refusal};
  auto job = in.data.jobs.find(request.number(1).value_or(0));
  if (job && job->project_id != project->id) job.reset();
  return {std::move(job), not_found()};
}

reply job_reply(context& in, int status, std::int64_t id) {
  auto const job = in.data.jobs.find(id);
  return job ? json_reply(status, job_json(in, *job)) : not_found();
}

reply list_projects(context& in, api_request& request) {
  auto user = admit_user(in, request);
  if (!user) return user.refusal;
  auto projects = in.data.projects.all();
  rights const may(in, *user);
  auto const search = request.params.text("search").value_or("");
  std::erase_if(projects, [&](project_record const& project) {
    return !may.sees_project(project.id) || project.path.find(search) == std::string::npos;
  });
  return page_reply(in, request, projects.size(),
                    [&](std::size_t place) { return project_json(in, projects[place]); });
}

reply show_project(context& in, api_request& request) {
  auto project = admit_to_project(in, request);
  return project ? json_reply(200, project_json(in, *project)) : project.refusal;
}

// Clients find the number of a group by its path so.
reply show_group(context& in, api_request& request) {
  auto user = admit_user(in, request);
  if (!user) return user.refusal;
  auto group = group_of_path(in, request, *user, role::guest);
  if (!group) return group.refusal;
  auto const name = group->path.substr(group->path.rfind('/') + 1);
  return json_reply(200, boost::json::object{{"id", group->id},
                                             {"web_url", in.url() + "/groups/" + group->path},
                                             {"name", name},
                                             {"path", name},
                                             {"full_path", group->path}});
}

reply list_pipelines(context& in, api_request& request) {
  auto project = admit_to_project(in, request);
  if (!project) return project.refusal;
  auto const pipelines = in.data.jobs.pipelines_of(project->id);
  return page_reply(in, request, pipelines.size(),
                    [&](std::size_t place) { return pipeline_json(in, pipelines[place]); });
}

reply show_pipeline(context& in, api_request& request) {
  auto pipeline = admit_to_pipeline(in, request);
  return pipeline ? json_reply(200, pipeline_json(in, *pipeline)) : pipeline.refusal;
}

reply list_jobs(context& in, api_request& request) {
  auto pipeline = admit_to_pipeline(in, request);
  if (!pipeline) return pipeline.refusal;
  auto jobs = in.data.jobs.of_pipeline(pipeline->id);
  bool const retried = request.params.boolean("include_retried").value_or(false);
  std::erase_if(jobs, [&](job_record const& job) { return job.retried && !retried; });
  return page_reply(in, request, jobs.size(),
                    [&](std::size_t place) { return job_json(in, jobs[place]); });
}

reply cancel_pipeline(context& in, api_request& request) {
  auto pipeline = admit_to_pipeline(in, request);
  if (!pipeline) return pipeline.refusal;
  in.board.cancel_pipeline(pipeline->id);
  return json_reply(201, pipeline_json(in, *in.data.jobs.find_pipeline(pipeline->id)));
}

reply retry_pipeline(context& in, api_request& request) {
  auto pipeline = admit_to_pipeline(in, request);
  if (!pipeline) return pipeline.refusal;
  for (auto const& job : in.data.jobs.of_pipeline(pipeline->id)) {
    if (!job.retried && (job.status == "failed" || job.status == "canceled")) {
      in.board.retry(job.id);
    }
  }
  return json_reply(201, pipeline_json(in, *in.data.jobs.find_pipeline(pipeline->id)));
}

// [{"key", "value"}] as a parameter; what is no such list is refused.
std::optional<boost::json::array> variable_list_of(parameters& params, std::string_view name) {
  auto const* const given = params.find(name);
  if (!given || given->is_null()) return boost::json::array();
  if (given->is_array()) {
    bool good = true;
    for (auto const& item : given->as_array()) {
      good = good && item.is_object() && item.as_object().contains("key") &&
             item.at("key").is_string() && item.as_object().contains("value") &&
             item.at("value").is_string();
    }
    if (good) return given->as_array();
  }
  params.fault(std::string(name) + " is invalid");
  return std::nullopt;
}

// POST /projects/:id/pipeline
awaitable<void> run_pipeline(context& in, api_request& request) {
  auto project = admit_to_project(in, request);
  pipeline_wish wish;
  wish.ref = request.params.require("ref");
  auto const variables = variable_list_of(request.params, "variables");
  if (project && !request.params.good()) project = {{}, error_reply(400, request.params.faults())};
  if (!project) {
    co_await send(request.exchange, std::move(project.refusal));
    co_return;
  }
  for (auto const& item : *variables) {
    wish.variables.push_back(
        {std::string(item.at("key").as_string()), std::string(item.at("value").as_string())});
  }
  wish.project = project->id;
  auto const started = co_await create_pipeline(in, std::move(wish));
  auto const pipeline = in.data.jobs.find_pipeline(started.id);
  reply answer = pipeline && started.id != 0 ? json_reply(201, pipeline_json(in, *pipeline))
                                             : model_error({{"base", started.failure}});
  co_await send(request.exchange, std::move(answer));
}

reply show_job(context& in, api_request& request) {
  auto job = admit_to_job(in, request);
  return job ? json_reply(200, job_json(in, *job)) : job.refusal;
}

awaitable<void> show_trace(context& in, api_request& request) {
  auto job = admit_to_job(in, request);
  if (!job) {
    co_await send(request.exchange, std::move(job.refusal));
    co_return;
  }
  if (job->trace_size == 0) {
    co_await send(request.exchange, reply{200, {{"Content-Type", "text/plain"}}, {}});
    co_return;
  }
  file_answer what;
  what.path = in.traces.path(job->id);
  what.content_type = "text/plain";
  what.size = static_cast<std::uint64_t>(job->trace_size);
  co_await send_file(in.pool, request.exchange, std::move(what));
}

awaitable<void> show_artifacts(context& in, api_request& request) {
  auto job = admit_to_job(in, request);
  std::optional<artifact_record> archive;
  if (job) archive = in.data.artifacts.find(job->id, "archive");
  if (!archive) {
    co_await send(request.exchange, job ? not_found() : std::move(job.refusal));
    co_return;
  }
  file_answer what;
  what.path = in.options.state_dir / archive->path;
  what.filename = archive->filename;
  co_await send_file(in.pool, request.exchange, std::move(what));
}

reply cancel_job(context& in, api_request& request) {
  auto job = admit_to_job(in, request);
  if (!job) return job.refusal;
  in.board.cancel(job->id);
  return job_reply(in, 201, job->id);
}

reply play_job(context& in, api_request& request) {
  auto job = admit_to_job(in, request);
  if (!job) return job.refusal;
  auto const variables = variable_list_of(request.params, "job_variables_attributes");
  if (!request.params.good()) return error_reply(400, request.params.faults());
  if (!in.board.play(job->id, boost::json::serialize(*variables))) {
    return bad_request("Unplayable Job");
  }
  return job_reply(in, 200, job->id);
}

reply retry_job(context& in, api_request& request) {
  auto job = admit_to_job(in, request);
  if (!job) return job.refusal;
  auto const made = in.board.retry(job->id);
  return made == 0 ? forbidden("Job is not retryable") : job_reply(in, 201, made);
}

reply erase_job(context& in, api_request& request) {
  auto job = admit_to_job(in, request);
  if (!job) return job.refusal;
  if (!job->ended() || job->erased_at) return forbidden("Job is not erasable!");
  transaction all(in.data.db);
  for (auto const& artifact : in.data.artifacts.of_job(job->id)) {
    std::error_code ignored;
    std::filesystem::remove(in.options.state_dir / artifact.path, ignored);
  }
  in.data.artifacts.remove_of_job(job->id);
  in.traces.remove(job->id);
  job->trace_size = 0;
  job->trace_crc32 = 0;
  job->erased_at = in.now();
  in.data.jobs.update(*job);
  all.commit();
  return job_reply(in, 201, job->id);
}

constexpr route table[] = {
    {"GET", "/projects", "project", list_projects},
    {"GET", "/projects/:id", "project", show_project},
    {"GET", "/groups/:id", "project", show_group},
    {"POST", "/projects/:id/pipeline", "pipeline", run_pipeline},
    {"GET", "/projects/:id/pipelines", "pipeline", list_pipelines},
    {"GET", "/projects/:id/pipelines/:pipeline", "pipeline", show_pipeline},
    {"GET", "/projects/:id/pipelines/:pipeline/jobs", "pipeline", list_jobs},
    {"POST", "/projects/:id/pipelines/:pipeline/cancel", "pipeline", cancel_pipeline},
    {"POST", "/projects/:id/pipelines/:pipeline/retry", "pipeline", retry_pipeline},
    {"GET", "/projects/:id/jobs/:job", "job", show_job},
    {"GET", "/projects/:id/jobs/:job/trace", "job", show_trace},
    {"GET", "/projects/:id/jobs/:job/artifacts", "job", show_artifacts},
    {"POST", "/projects/:id/jobs/:job/cancel", "job", cancel_job},
    {"POST", "/projects/:id/jobs/:job/play", "job", play_job},
    {"POST", "/projects/:id/jobs/:job/retry", "job", retry_job},
    {"POST", "/projects/:id/jobs/:job/erase", "job", erase_job},
};

}  // namespace

std::span<route const> project_routes() { return table; }

}  // namespace corunner::coordinator
