#include "runner/command/run_metrics.hpp"

#include "runner/command/version.hpp"
#include "runner/gitlab/short_token.hpp"

#include <map>

namespace corunner {

namespace {

using enum metric_type;

metric_labels labels_of(config::runner_entry const& entry, std::string const& system_id) {
  return {{"runner", gitlab::short_token(entry.token.reveal())},
          {"runner_name", entry.name},
          {"system_id", system_id}};
}

metric_labels with_state(metric_labels labels, std::string state, std::string stage,
                         std::string executor_stage) {
  labels.emplace_back("state", std::move(state));
  labels.emplace_back("stage", std::move(stage));
  labels.emplace_back("executor_stage", std::move(executor_stage));
  return labels;
}

void add_version(metric_samples& into) {
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

// One series a combination that has jobs, and one that is 0 for each entry without any.
void add_jobs(metric_samples& into, manager const& jobs, std::string const& system_id) {
  std::map<metric_labels, double> counts;
  jobs.each_entry([&](config::runner_entry const& entry) {
    counts[with_state(labels_of(entry, system_id), "idle", "idle", "idle")] = 0;
  });
  jobs.each_job([&](config::runner_entry const& entry, job_state state, std::string const& stage) {
    ++counts[with_state(labels_of(entry, system_id), std::string(to_string(state)), stage, "")];
  });
  for (auto const& [labels, count] : counts) into.add(count, labels);
}

void add_limits(metric_samples& into, manager const& jobs, std::string const& system_id) {
  // Entries that only differ elsewhere are one series.
  std::map<metric_labels, double> limits;
  jobs.each_entry([&](config::runner_entry const& entry) {
    limits[labels_of(entry, system_id)] = static_cast<double>(entry.limit);
  });
  for (auto const& [labels, limit] : limits) into.add(limit, labels);
}

void add_log_lines(metric_samples& into, log_target const& log) {
  for (auto const level :
       {log_level::panic, log_level::fatal, log_level::error, log_level::warning}) {
    into.add(static_cast<double>(log.written(level)), {{"level", std::string(name_of(level))}});
  }
}

}  // namespace

std::vector<metric> run_metrics(manager const& jobs, config_reload const& reload,
                                log_target const& log, std::string const& system_id) {
  auto const standing = [&reload](std::uint64_t config_standing::* which) {
    return [&reload, which](metric_samples& into) {
      into.add(static_cast<double>(reload.standing().*which));
    };
  };
  return {
      {"gitlab_runner_concurrent", gauge, "The concurrent setting.",
       [&jobs](metric_samples& into) { into.add(jobs.concurrent()); }},
      {"gitlab_runner_configuration_loaded_total", counter, "Times the configuration was loaded.",
       standing(&config_standing::loads)},
      {"gitlab_runner_configuration_loading_error_total", counter,
       "Times the configuration could not be loaded.", standing(&config_standing::errors)},
      {"gitlab_runner_errors_total", counter, "Log lines of that level.",
       [&log](metric_samples& into) { add_log_lines(into, log); }},
      {"gitlab_runner_jobs", gauge, "Jobs that run now.",
       [&jobs, system_id](metric_samples& into) { add_jobs(into, jobs, system_id); }},
      {"gitlab_runner_limit", gauge, "The limit setting of each runner; 0: none.",
       [&jobs, system_id](metric_samples& into) { add_limits(into, jobs, system_id); }},
      {"gitlab_runner_process_state_info", gauge, "What the process is at.",
       [&jobs](metric_samples& into) { into.add(1, {{"state", std::string(jobs.state())}}); }},
      {"gitlab_runner_version_info", gauge, "Which program this is.", add_version},
  };
}

}  // namespace corunner
