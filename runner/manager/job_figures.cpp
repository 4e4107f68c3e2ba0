#include "runner/manager/job_figures.hpp"

#include "config/queue_threshold.hpp"
#include "runner/gitlab/short_token.hpp"

namespace corunner {

namespace {

double seconds(net::time_source::duration length) {
  return std::chrono::duration<double>(length).count();
}

}  // namespace

std::function<void(gitlab::call_report const&)> counts_calls(run_figures& all,
                                                             std::string const& short_token,
                                                             std::string const& url) {
  auto const base = gitlab::api_base(url);
  auto const counter = all.calls(short_token, base ? base->path : std::string());
  return [counter](gitlab::call_report const& what) {
    using kind = gitlab::call_report::kind;
    // What GitLab Runner's dashboards expect: a patch without an answer is in no count of answers.
    bool const counts = what.status > 0 || what.what != kind::patch_trace;
    auto const status = counts ? std::optional(what.status) : std::nullopt;
    static_assert(static_cast<int>(kind::reset_token) ==
                  static_cast<int>(api_endpoint::reset_token));
    counter.ended(static_cast<api_endpoint>(what.what), status, seconds(what.took), what.attempts);
  };
}

job_figures::job_figures(run_figures& all, config::runner_entry const& runner)
    : all_(all), runner_(all.runner(gitlab::short_token(runner.token.reveal()), runner.name)) {}

void job_figures::added(config::runner_entry const& runner, gitlab::job_info const& told,
                        net::time_source::wall_time now) {
  added_ = true;
  auto const& project_jobs = told.project_jobs_running_on_instance_runners_count;
  auto const waited = std::chrono::duration<double>(told.time_in_queue_seconds);
  bool const too_long =
      runner.monitoring && config::queued_too_long(*runner.monitoring, waited, project_jobs, now,
                                                   config::host_zone_files());
  runner_.job_added({.seconds = waited.count(),
                     .project_jobs = project_jobs,
                     .size = told.queue_size,
                     .depth = told.queue_depth,
                     .too_long = too_long});
}

void job_figures::stage_ended(std::string const& stage, net::time_source::duration took) {
  runner_.stage_ended(stage, seconds(took));
}

void job_figures::ended(std::string const& executor, job_outcome const& how,
                        net::time_source::duration took) {
  job_mode const mode = how.ran_steps ? "traditional" : "unknown";
  if (added_) runner_.job_ended(mode, seconds(took));
  if (how.ran_steps) all_.executed(mode, executor.empty() ? "unknown" : executor);
  if (!how.ok()) runner_.job_failed(mode, to_string(how.unmapped));
  all_.interpolated(how.inputs.texts, how.inputs.failure);
}

}  // namespace corunner
