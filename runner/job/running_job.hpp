#pragma once

#include "runner/job/assemble_variables.hpp"
#include "runner/job/build_directories.hpp"
#include "runner/job/feature_flags.hpp"
#include "runner/job/job_run.hpp"
#include "runner/job/job_settings.hpp"
#include "runner/job/script/script_context.hpp"
#include "runner/job/stop_scope.hpp"
#include "runner/job/time_line.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace corunner {

// What the parts of a running job share: what it is made of, what is known of it by now, and
// whether it is to stop.
struct running_job {
  running_job(asio::any_io_executor on, job_input from, job_services with);

  // --- what it is made of ---
  asio::any_io_executor executor;
  job_input input;
  job_services services;
  executor_traits const& traits;
  feature_flags flags;
  job_settings settings;
  std::vector<std::string> setting_warnings;
  net::time_source::duration timeout;

  // --- what is known by now ---
  std::vector<job_variable> secrets;
  std::optional<job_directories> directories;
  std::string status = "running";          // CI_JOB_STATUS
  job_variables variables;
  std::set<std::string> masked;            // what the trace was told to hide
  std::unique_ptr<remote_cache> store;     // of the job's caches, if there is one
  std::unique_ptr<exec::executor> environment;
  std::optional<build_directories::lease> place;  // where it works, while it does
  std::chrono::system_clock::time_point started{};
  std::string stage;
  std::string_view executor_stage;
  bool ran_steps = false;
  bool may_have_files = false;             // that the stage cleanup_file_variables removes
  interpolation_count inputs;
  time_line times;
  job_state state = job_state::pending;

  // --- whether it is to stop ---
  stop_scope whole;                        // ends with abort, shutdown, or the job timeout
  std::optional<job_failure> stop_reason;  // why `whole` was stopped
  job_state stop_state = job_state::canceled;
  bool cancel_wanted = false;              // sticky: only the first cancel counts
  enum class progress { before_steps, in_steps, after_steps };
  progress at = progress::before_steps;
  stop_scope* steps = nullptr;             // while user steps run

  // What GitLab sent, with what was filled in by now.
  gitlab::job_payload const& payload() const { return *input.payload; }
  void replace_payload(gitlab::job_payload filled) {
    input.payload = std::make_shared<gitlab::job_payload const>(std::move(filled));
  }
  job_trace& trace() { return services.trace; }
  // Stops everything; the first reason is kept.
  void stop(job_failure why, job_state end);
  // For the time line, and for metrics when the job has FF_EXPORT_HIGH_CARDINALITY_METRICS.
  void note_stage_ended(std::string const& name, net::time_source::time_point began);
  // For the operator: what becomes of a stage.
  void tell_stage(std::string_view what, std::string const& name) const;
  // A warning for the operator, not for the trace; an empty text is none.
  void warn_process_log(std::string const& text) const;
  // Finds the store that the configuration names, if the job has caches at all.
  void open_store();
  // After secrets or the status have changed. Values that became known are masked.
  void rebuild_variables();
  // From here on variables name these, and so may settings (GIT_CLEAN_FLAGS: "-e
  // $CI_PROJECT_DIR/x").
  void use(job_directories found);
  script_context scripts() const;
  // Why `whole` has ended: what stopped it, else the time was over.
  job_failure end_reason() const;
  job_state end_state() const;

 private:
  void mask_new_values();
};

// What follows from payload and configuration alone.
struct job_decisions {
  feature_flags flags;
  job_settings settings;
  std::vector<std::string> warnings;
};
job_decisions decide(job_input const& input);

}  // namespace corunner
