#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runner/pipeline/job_definition.hpp"

// The life of jobs inside a pipeline as pure logic: no clock, no storage. The coordinator keeps the
// rows, asks `advance` after every change, and writes down what it answers.
//
// Semantics: GitLab's atomic pipeline processing, spec/local-pipelines.md section 10.
namespace corunner::pipeline {

enum class job_status {
  created,
  waiting_for_resource,
  preparing,
  waiting_for_callback,
  pending,
  running,
  success,
  failed,
  canceling,
  canceled,
  skipped,
  manual,
  scheduled,
};

std::string_view to_string(job_status status);
std::optional<job_status> job_status_from(std::string_view text);

// success, failed, canceled or skipped.
bool is_completed(job_status status);

// One job row, as far as processing looks at it.
struct job_state {
  std::string name;
  std::size_t stage = 0;  // place in plan::stages
  job_when when = job_when::on_success;
  bool allow_failure = false;
  job_status status = job_status::created;
  bool retried = false;        // replaced by a later row of the same name; no longer counted
  bool resource_group = false;  // goes to waiting_for_resource instead of pending
  std::optional<std::vector<std::string>> needs;  // names; absent: waits for earlier stages
};

// A fresh row for a job of a plan.
job_state make_state(job_definition const& job, std::span<std::string const> stages);

struct transition {
  std::size_t job;  // place in the span given to advance
  job_status to;    // pending, waiting_for_resource, manual, scheduled or skipped

  friend bool operator==(transition const&, transition const&) = default;
};

// Every transition out of `created` that is due now, consequences included (a skipped job may skip
// the next one). The rows are changed as well.
std::vector<transition> advance(std::span<job_state> jobs);

// Status and allow_failure of one member of a composite.
struct composite_member {
  job_status status;
  bool allow_failure = false;
};

// The status that a set of jobs has together. `dag`: the members are the needs of one job.
// An empty set is `success` for a DAG job's needs and for earlier stages; callers decide otherwise.
job_status composite_status(std::span<composite_member const> members, bool dag);

// The status of the whole pipeline; `created` when it has no jobs. Retried rows do not count.
job_status pipeline_status(std::span<job_state const> jobs);

// Whether a failed job runs again as a new row. `earlier` is the number of rows of the same name
// that were retried already. `failure_reason` is a wire name; exit_code only when known.
bool wants_retry(retry_policy const& policy, std::string_view failure_reason,
                 std::optional<int> exit_code, int earlier);

// allow_failure of a job that failed: exit codes decide when the job lists any.
bool failure_allowed(job_definition const& job, std::optional<int> exit_code);

// Result for the command line: 0 success, skipped or blocked by manual jobs, 1 failed,
// 130 canceled; nothing while the pipeline is not finished.
std::optional<int> exit_code(job_status pipeline);

}  // namespace corunner::pipeline
