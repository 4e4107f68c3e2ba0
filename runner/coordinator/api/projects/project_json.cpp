#include "runner/coordinator/api/projects/project_json.hpp"

#include "runner/coordinator/api/runners/runner_json.hpp"
#include "runner/coordinator/context.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace corunner::coordinator {

namespace {

boost::json::value seconds_between(maybe_time from, maybe_time to) {
  if (!from || !to) return nullptr;
  return static_cast<double>(*to - *from) / 1000.0;
}

std::string first_line(std::string const& text) { return text.substr(0, text.find('\n')); }

boost::json::object commit_json(context& in, pipeline_record const& pipeline) {
  auto const plan = in.board.plans().of(pipeline.id);
  auto const& commit = plan->plan.source.commit;
  auto const open = commit.author.rfind(" <");
  std::string const name = commit.author.substr(0, open);
  std::string mail;
  if (open != std::string::npos) {
    mail = commit.author.substr(open + 2, commit.author.size() - open - 3);
  }
  return {{"id", commit.sha},
          {"short_id", commit.sha.substr(0, 8)},
          {"title", first_line(commit.message)},
          {"message", commit.message},
          {"parent_ids", boost::json::array()},
          {"author_name", name},
          {"author_email", mail},
          {"authored_date", commit.timestamp},
          {"committer_name", name},
          {"committer_email", mail},
          {"committed_date", commit.timestamp},
          {"created_at", commit.timestamp}};
}

boost::json::array artifacts_json(context& in, job_record const& job) {
  boost::json::array list;
  for (auto const& artifact : in.data.artifacts.of_job(job.id)) {
    list.push_back(boost::json::object{{"file_type", artifact.type},
                                       {"file_format", artifact.format},
                                       {"filename", artifact.filename},
                                       {"size", artifact.size},
                                       {"sha256", artifact.sha256}});
  }
  if (job.trace_size > 0) {
    list.push_back(boost::json::object{{"file_type", "trace"},
                                       {"file_format", nullptr},
                                       {"filename", "job.log"},
                                       {"size", job.trace_size}});
  }
  return list;
}

boost::json::object trace_json(job_record const& job) {
  boost::json::value intact = nullptr;
  if (job.trace_intact) intact = *job.trace_intact != 0;
  return {{"size", job.trace_size},
          {"checksum", checksum_text(static_cast<std::uint32_t>(job.trace_crc32))},
          {"intact", intact}};
}

}  // namespace

boost::json::object user_json(context& in, user_record const& user) {
  return {{"id", user.id},
          {"username", user.username},
          {"name", user.name},
          {"state", "active"},
          {"avatar_url", nullptr},
          {"web_url", fmt::format("{}/{}", in.url(), user.username)}};
}

boost::json::object project_json(context& in, project_record const& project) {
  auto const slash = project.path.rfind('/');
  std::string const space = slash == std::string::npos ? "" : project.path.substr(0, slash);
  return {{"id", project.id},
          {"description", nullptr},
          {"name", project.name()},
          {"name_with_namespace", space.empty() ? project.name() : space + " / " + project.name()},
          {"path", project.name()},
          {"path_with_namespace", project.path},
          {"created_at", iso_time(project.created_at)},
          {"default_branch", project.default_branch},
          {"http_url_to_repo", fmt::format("{}/{}.git", in.url(), project.path)},
          {"web_url", fmt::format("{}/{}", in.url(), project.path)}};
}

boost::json::object pipeline_json(context& in, pipeline_record const& pipeline) {
  auto const project = in.data.projects.find(pipeline.project_id);
  return {{"id", pipeline.id},
          {"iid", pipeline.iid},
          {"project_id", pipeline.project_id},
          {"sha", pipeline.sha},
          {"before_sha", pipeline.before_sha},
          {"ref", pipeline.ref},
          {"tag", pipeline.tag},
          {"status", pipeline.status},
          {"source", pipeline.source},
          {"created_at", iso_time(pipeline.created_at)},
          {"updated_at", iso_time(pipeline.updated_at)},
          {"started_at", json_time(pipeline.started_at)},
          {"finished_at", json_time(pipeline.finished_at)},
          {"duration", seconds_between(pipeline.started_at, pipeline.finished_at)},
          {"web_url", fmt::format("{}/{}/-/pipelines/{}", in.url(), project ? project->path : "",
                                  pipeline.id)}};
}

boost::json::object job_json(context& in, job_record const& job) {
  auto const project = in.data.projects.find(job.project_id);
  auto const pipeline = in.data.jobs.find_pipeline(job.pipeline_id);
  auto const user = in.data.access.find_user(1);
  auto const archive = in.data.artifacts.find(job.id, "archive");
  std::string const path = project ? project->path : "";
  boost::json::object json{{"id", job.id},
                           {"status", job.status},
                           {"stage", job.stage},
                           {"name", job.name},
                           {"coverage", nullptr},
                           {"allow_failure", job.allow_failure},
                           {"created_at", iso_time(job.created_at)},
                           {"queued_at", json_time(job.queued_at)},
                           {"started_at", json_time(job.started_at)},
                           {"finished_at", json_time(job.finished_at)},
                           {"erased_at", json_time(job.erased_at)},
                           {"duration", seconds_between(job.started_at, job.finished_at)},
                           {"queued_duration", seconds_between(job.queued_at, job.started_at)},
                           {"web_url", fmt::format("{}/{}/-/jobs/{}", in.url(), path, job.id)},
                           {"retried", job.retried},
                           {"artifacts", artifacts_json(in, job)},
                           {"trace", trace_json(job)}};
  if (!job.failure_reason.empty()) json["failure_reason"] = job.failure_reason;
  if (job.exit_code) json["exit_code"] = *job.exit_code;
  if (user) json["user"] = user_json(in, *user);
  if (project) json["project"] = project_json(in, *project);
  if (pipeline) {
    json["ref"] = pipeline->ref;
    json["tag"] = pipeline->tag;
    json["pipeline"] = pipeline_json(in, *pipeline);
    json["commit"] = commit_json(in, *pipeline);
  }
  if (archive) {
    json["artifacts_file"] =
        boost::json::object{{"filename", archive->filename}, {"size", archive->size}};
  }
  json["runner"] = nullptr;
  if (job.runner_id) {
    if (auto const runner = in.data.runners.find(*job.runner_id)) {
      json["runner"] = runner_json(in, *runner);
    }
  }
  return json;
}

}  // namespace corunner::coordinator
