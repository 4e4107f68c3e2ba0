#include "runner/command/run_metrics.hpp"

#include "runner/command/version.hpp"
#include "runner/gitlab/short_token.hpp"
#include "runner/manager/job_task.hpp"
#include "runner/observe/run_figures.hpp"

#include <map>

namespace corunner {

namespace {

metric_labels labels_of(config::runner_entry const& entry, std::string const& system_id) {
  return {{"runner", gitlab::short_token(entry.token.reveal())},
          {"runner_name", entry.name},
          {"system_id", system_id}};
}

metric_labels with_state(metric_labels labels, std::string_view state, std::string_view stage,
                         std::string_view executor_stage) {
  labels.emplace_back("state", state);
  labels.emplace_back("stage", stage);
  labels.emplace_back("executor_stage", executor_stage);
  return labels;
}

void read_version(run_view const&, metric_samples& into) {
  auto const& facts = version();
  into.add(1, {{"name", "corunner"},
               {"version", std::string(facts.version)},
               {"revision", std::string(facts.revision)},
               {"branch", std::string(facts.branch)},
               {"go_version", ""},  // dashboards join on the label
               {"built_at", std::string(facts.built)},
               {"os", std::string(facts.os)},
               {"architecture", std::string(facts.arch)}});
}

// One series a combination that has jobs, and one that is 0 for each entry.
void read_jobs(run_view const& of, metric_samples& into) {
  auto const id = system_id_label(of.system_id);
  std::map<metric_labels, double> counts;
  of.jobs.each_entry([&](config::runner_entry const& entry) {
    counts[with_state(labels_of(entry, id), "idle", "idle", "idle")] = 0;
  });
  of.jobs.each_job([&](job_task const& job) {
    if (!job.was_added()) return;
    ++counts[with_state(labels_of(job.runner(), id), to_string(job.state()), job.stage(),
                        job.executor_stage())];
  });
  for (auto const& [labels, count] : counts) into.add(count, labels);
}

void read_limits(run_view const& of, metric_samples& into) {
  // Entries that only differ elsewhere are one series.
  std::map<metric_labels, double> limits;
  of.jobs.each_entry([&](config::runner_entry const& entry) {
    limits[labels_of(entry, of.system_id)] = static_cast<double>(entry.limit);
  });
  for (auto const& [labels, limit] : limits) into.add(limit, labels);
}

// Of the requests of each entry; those of one token are one series where its name is no label.
template <auto Which, bool Named>
void read_polls(run_view const& of, metric_samples& into) {
  auto const id = system_id_label(of.system_id);
  std::map<metric_labels, double> values;
  of.jobs.each_poll([&](manager::entry_names const& names, poll_plan::figures const& figures) {
    metric_labels labels{{"runner", names.first}, {"system_id", id}};
    if (Named) labels.emplace_back("runner_name", names.second);
    values[std::move(labels)] += static_cast<double>(figures.*Which);
  });
  for (auto const& [labels, value] : values) into.add(value, labels);
}

void read_log_lines(run_view const& of, metric_samples& into) {
  for (auto const level :
       {log_level::panic, log_level::fatal, log_level::error, log_level::warning}) {
    into.add(static_cast<double>(of.log.written(level)), {{"level", std::string(name_of(level))}});
  }
}

void read_concurrent(run_view const& of, metric_samples& into) { into.add(of.jobs.concurrent()); }

void read_state(run_view const& of, metric_samples& into) {
  into.add(1, {{"state", std::string(of.jobs.state())}});
}

template <auto Which>
void read_standing(run_view const& of, metric_samples& into) {
  into.add(static_cast<double>(of.reload.standing().*Which));
}

template <auto Which>
void read_saves(run_view const& of, metric_samples& into) {
  into.add(static_cast<double>(of.tokens.saved().*Which));
}

using enum metric_type;
using polls = poll_plan::figures;

constexpr metric_row<run_view> rows[] = {
    {"gitlab_runner_concurrent", gauge, "The concurrent setting.", read_concurrent},
    {"gitlab_runner_configuration_loaded_total", counter, "Times the configuration was loaded.",
     read_standing<&config_standing::loads>},
    {"gitlab_runner_configuration_loading_error_total", counter,
     "Times the configuration could not be loaded.", read_standing<&config_standing::errors>},
    {"gitlab_runner_configuration_saved_total", counter, "Times the configuration was written.",
     read_saves<&token_rotation::saves::done>},
    {"gitlab_runner_configuration_saving_error_total", counter,
     "Times the configuration could not be written.", read_saves<&token_rotation::saves::failed>},
    {"gitlab_runner_errors_total", counter, "Log lines of that level.", read_log_lines},
    {"gitlab_runner_jobs", gauge, "Jobs that run now.", read_jobs},
    {"gitlab_runner_limit", gauge, "The limit setting of each runner; 0: none.", read_limits},
    {"gitlab_runner_process_state_info", gauge, "What the process is at.", read_state},
    {"gitlab_runner_request_concurrency", gauge, "Requests for a job that are under way.",
     read_polls<&polls::in_flight, false>},
    {"gitlab_runner_request_concurrency_adaptive_limit", gauge,
     "How many may be, by what the last ones brought.", read_polls<&polls::adapted_limit, false>},
    {"gitlab_runner_request_concurrency_exceeded_total", counter,
     "Rounds without a request because as many were under way.",
     read_polls<&polls::limit_exceeded, false>},
    {"gitlab_runner_request_concurrency_hard_limit", gauge, "The request_concurrency setting.",
     read_polls<&polls::hard_limit, false>},
    {"gitlab_runner_request_concurrency_used_limit", gauge, "How many requests may be under way.",
     read_polls<&polls::used_limit, false>},
    {"gitlab_runner_version_info", gauge, "Which program this is.", read_version},
    {"gitlab_runner_worker_feed_failures_total", counter,
     "Rounds in which a runner did not ask because it was refused too often.",
     read_polls<&polls::rounds_paused, true>},
    {"gitlab_runner_worker_feeds_total", counter, "Times a runner asked for a job.",
     read_polls<&polls::requests, true>},
    {"gitlab_runner_worker_health_check_failures_total", counter,
     "Requests for a job that were refused.", read_polls<&polls::refusals, true>},
};

}  // namespace

void add_run_metrics(metrics& into, run_view const& of) { into.add(rows, of); }

}  // namespace corunner
