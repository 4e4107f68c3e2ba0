// What run_figures tells a scraper: names, labels and buckets are those of GitLab Runner.

#include "runner/observe/run_figures.hpp"

#include <fmt/format.h>

namespace corunner {

namespace {

struct endpoint {
  std::string_view name;
  std::string_view method;
  std::string_view path;  // below the base path
};

// By api_endpoint.
constexpr std::array<endpoint, api_endpoints> endpoints{{
    {"request_job", "post", "jobs/request"},
    {"update_job", "put", "jobs/{id}"},
    {"patch_trace", "patch", "jobs/{id}/trace"},
    {"reset_token", "post", "runners/reset_authentication_token"},
}};

double as_number(std::integral auto count) { return static_cast<double>(count); }

}  // namespace

// One function a row: what it has to tell.
struct figure_rows {
  using runner_entry = std::pair<run_figures::names const, runner_figures>;

  static metric_labels labels_of(run_figures const& from, runner_entry const& one) {
    return {{"runner", one.first.first},
            {"runner_name", one.first.second},
            {"system_id", system_id_label(from.system_id_)}};
  }
  static metric_labels labels_of(run_figures const& from, runner_entry const& one,
                                 std::string_view key, std::string value) {
    auto labels = labels_of(from, one);
    labels.emplace_back(key, std::move(value));
    return labels;
  }

  template <auto Count>
  static void counts(run_figures const& from, metric_samples& into) {
    for (auto const& one : from.runners_) {
      into.add(as_number(one.second.*Count), labels_of(from, one));
    }
  }
  // The same of the last job, or of those there were.
  template <auto Count>
  static void counts_of_jobs(run_figures const& from, metric_samples& into) {
    for (auto const& one : from.runners_) {
      if (one.second.jobs > 0) into.add(as_number(one.second.*Count), labels_of(from, one));
    }
  }

  static void histograms(run_figures const& from, metric_samples& into, std::string_view key,
                         auto runner_figures::* which) {
    for (auto const& one : from.runners_) {
      for (auto const& [value, values] : one.second.*which) {
        into.add(values, labels_of(from, one, key, std::string(value)));
      }
    }
  }
  static void job_time(run_figures const& from, metric_samples& into) {
    histograms(from, into, "mode", &runner_figures::job_time);
  }
  static void queue_time(run_figures const& from, metric_samples& into) {
    histograms(from, into, "project_jobs_running", &runner_figures::queue_time);
  }
  static void stage_time(run_figures const& from, metric_samples& into) {
    histograms(from, into, "stage", &runner_figures::stage_time);
  }

  static void processing_failures(run_figures const& from, metric_samples& into) {
    for (auto const& one : from.runners_) {
      auto const& of = one.second;
      // An executor is made for each job: none is ever short.
      into.add(0, labels_of(from, one, "failure_type", "no_free_executor"));
      into.add(as_number(of.job_failures), labels_of(from, one, "failure_type", "job_failure"));
      into.add(as_number(of.other_failures), labels_of(from, one, "failure_type", "other"));
    }
  }
  static void failed_jobs(run_figures const& from, metric_samples& into) {
    for (auto const& [names, of] : from.runners_) {
      for (auto const& [why, count] : of.failed) {
        into.add(as_number(count), {{"runner", names.first},
                                    {"runner_name", names.second},
                                    {"failure_reason", std::string(why.first)},
                                    {"mode", std::string(why.second)}});
      }
    }
  }
  static void executions(run_figures const& from, metric_samples& into) {
    for (auto const& [what, count] : from.executions_) {
      into.add(as_number(count), {{"mode", std::string(what.first)}, {"executor", what.second}});
    }
  }

  static void each_endpoint(run_figures const& from, auto const& see) {
    for (auto const& [token, of] : from.api_) {
      for (std::size_t i = 0; i < of.size(); ++i) {
        metric_labels labels{{"runner", token},
                             {"system_id", from.system_id_},
                             {"endpoint", std::string(endpoints[i].name)},
                             {"method", std::string(endpoints[i].method)}};
        see(of[i], std::move(labels));
      }
    }
  }
  static void statuses(run_figures const& from, metric_samples& into) {
    each_endpoint(from, [&](endpoint_figures const& of, metric_labels const& labels) {
      for (auto const& [status, count] : of.by_status) {
        auto with = labels;
        with.emplace_back("status", std::to_string(status));
        into.add(as_number(count), std::move(with));
      }
    });
  }
  static void durations(run_figures const& from, metric_samples& into) {
    each_endpoint(from, [&](endpoint_figures const& of, metric_labels const& labels) {
      for (auto const& [status_class, values] : of.by_class) {
        auto with = labels;
        with.emplace_back("status_class",
                          status_class < 0 ? "unknown" : fmt::format("{}xx", status_class));
        into.add(values, std::move(with));
      }
    });
  }
  static void attempts(run_figures const& from, metric_samples& into) {
    for (auto const& [base, counts] : from.attempts_) {
      for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] == 0) continue;
        into.add(as_number(counts[i]), {{"method", std::string(endpoints[i].method)},
                                        {"path", base + std::string(endpoints[i].path)}});
      }
    }
  }

  static void interpolations(run_figures const& from, metric_samples& into) {
    into.add(as_number(from.interpolated_));
  }
  static void failed_interpolations(run_figures const& from, metric_samples& into) {
    for (auto const& [why, count] : from.not_interpolated_) {
      into.add(as_number(count), {{"error_type", std::string(why)}});
    }
  }
  static void slots(run_figures const& from, metric_samples& into) {
    into.add(as_number(from.slots_));
  }
  static void slot_operations(run_figures const& from, metric_samples& into) {
    into.add(as_number(from.slots_started_), {{"operation", "started"}});
    into.add(as_number(from.slots_stopped_), {{"operation", "stopped"}});
  }
  static void lag(run_figures const& from, metric_samples& into) { into.add(from.lag_); }
};

namespace {

using enum metric_type;
using rows = figure_rows;

constexpr metric_row<run_figures> table[] = {
    {"corunner_io_context_lag_seconds", histogram,
     "How late timers ran; all else that happens in the process is as late.", rows::lag},
    {"gitlab_runner_acceptable_job_queuing_duration_exceeded_total", counter,
     "Jobs that waited longer than the configuration finds acceptable.",
     rows::counts_of_jobs<&runner_figures::queued_too_long>},
    {"gitlab_runner_api_request_duration_seconds", histogram,
     "How long requests to GitLab took, with their repetitions.", rows::durations},
    {"gitlab_runner_api_request_retries_total", counter,
     "Attempts of requests to GitLab, the first ones included.", rows::attempts},
    {"gitlab_runner_api_request_statuses_total", counter,
     "Requests to GitLab by their last status.", rows::statuses},
    {"gitlab_runner_failed_jobs_total", counter, "Jobs that failed, by reason.", rows::failed_jobs},
    {"gitlab_runner_job_duration_seconds", histogram, "How long jobs took.", rows::job_time},
    {"gitlab_runner_job_execution_mode_total", counter, "Jobs by the way they were run.",
     rows::executions},
    {"gitlab_runner_job_inputs_interpolation_failures_total", counter,
     "Texts in which the inputs of a job could not be filled in.", rows::failed_interpolations},
    {"gitlab_runner_job_inputs_interpolations_total", counter,
     "Texts in which the inputs of a job were filled in.", rows::interpolations},
    {"gitlab_runner_job_queue_depth", gauge,
     "How far GitLab looked through its queue for the last job.",
     rows::counts_of_jobs<&runner_figures::queue_depth>},
    {"gitlab_runner_job_queue_duration_seconds", histogram, "How long jobs waited at GitLab.",
     rows::queue_time},
    {"gitlab_runner_job_queue_size", gauge, "Jobs that waited at GitLab as the last one came.",
     rows::counts_of_jobs<&runner_figures::queue_size>},
    {"gitlab_runner_job_stage_duration_seconds", histogram,
     "How long stages took, of jobs with FF_EXPORT_HIGH_CARDINALITY_METRICS.", rows::stage_time},
    {"gitlab_runner_jobs_total", counter, "Jobs that were taken.",
     rows::counts<&runner_figures::jobs>},
    {"gitlab_runner_worker_processing_failures_total", counter,
     "Jobs that came to no good end, by the kind of trouble.", rows::processing_failures},
    {"gitlab_runner_worker_slot_operations_total", counter,
     "Slots for jobs that were added and taken away.", rows::slot_operations},
    {"gitlab_runner_worker_slots_number", gauge, "Slots for jobs.", rows::slots},
};

}  // namespace

void run_figures::add_to(metrics& into, std::string system_id) {
  system_id_ = std::move(system_id);
  into.add(table, *this);
}

}  // namespace corunner
