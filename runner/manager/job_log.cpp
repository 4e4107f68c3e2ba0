#include "runner/manager/job_log.hpp"

#include "net/url.hpp"
#include "runner/gitlab/short_token.hpp"

#include <utility>

namespace corunner {

logger call_log(logger const& from, gitlab::job_payload const& job,
                config::runner_entry const& runner) {
  return from.with({{"job", job.id},
                    {"runner", gitlab::short_token(runner.token.reveal())},
                    {"runner_name", runner.name}});
}

logger job_log(logger const& from, gitlab::job_payload const& job,
               config::runner_entry const& runner) {
  auto const& facts = job.job_info;
  log_fields fields{{"gitlab_user_id", facts.user_id},
                    {"namespace_id", facts.namespace_id},
                    {"organization_id", facts.organization_id},
                    {"pipeline_id", facts.pipeline_id},
                    {"project", facts.project_id},
                    {"project_full_path", facts.project_full_path},
                    {"root_namespace_id", facts.root_namespace_id}};
  if (facts.scoped_user_id) fields.emplace_back("gitlab_scoped_user_id", *facts.scoped_user_id);
  return call_log(from, job, runner).with(std::move(fields));
}

void log_listed(logger const& log, std::string_view what, gitlab::job_payload const& job) {
  auto const& facts = job.job_info;
  log.info(what, {{"queue_depth", facts.queue_depth},
                  {"queue_size", facts.queue_size},
                  {"repo_url", shown_repository(job)},
                  {"runner_uuid", job.runner_info.uuid},
                  {"time_in_queue_seconds", facts.time_in_queue_seconds}});
}

void log_line(logger const& log, job_trace::line_kind kind, std::string_view text) {
  using line_kind = job_trace::line_kind;
  switch (kind) {
    case line_kind::plain: return log.debug(text);
    case line_kind::info: return log.info(text);
    case line_kind::warning:
    case line_kind::error: return log.warning(text);  // the job goes on
  }
}

void log_image(logger const& log, std::string_view what, gitlab::job_image const& image) {
  log_fields fields;
  if (!image.name.empty()) {
    fields.emplace_back("image_name", image.name);
    auto const& platform = image.executor_opts.docker_platform;
    if (!platform.empty()) fields.emplace_back("image_platform", platform);
  }
  log.info(what, std::move(fields));
}

void log_end(logger const& log, job_outcome const& how, net::time_source::duration took) {
  log_fields fields{{"duration_s", std::chrono::duration<double>(took).count()},
                    {"job-status", how.ok() ? "success" : "failed"}};
  if (how.ok()) return log.info("Job succeeded", std::move(fields));
  fields.emplace_back("error", how.message);
  fields.emplace_back("exit_code", how.exit_code);
  fields.emplace_back("failure_reason", to_string(how.unmapped));
  bool const system = how.unmapped == gitlab::failure_reason::runner_system_failure;
  log.log(how.plain ? log_level::error : log_level::warning,
          (system ? "Job failed (system failure): " : "Job failed: ") + how.message,
          std::move(fields));
}

std::string shown_repository(gitlab::job_payload const& job) {
  auto const parsed = net::parse_url(job.git_info.repo_url);
  return parsed ? parsed->to_string() : std::string();
}

std::string page_of(gitlab::job_payload const& job) {
  auto url = shown_repository(job);
  if (url.ends_with(".git")) url.resize(url.size() - 4);
  return url + "/-/jobs/" + std::to_string(job.id);
}

}  // namespace corunner
