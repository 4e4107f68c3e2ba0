#pragma once

#include "net/time_source.hpp"
#include "runner/coordinator/job_queue.hpp"
#include "runner/coordinator/plan_cache.hpp"
#include "runner/coordinator/storage/store.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>

namespace corunner::coordinator {

// How a runner says that a job ended.
struct job_end {
  std::string status;  // success or failed
  std::string failure_reason;
  std::optional<std::int64_t> exit_code;
};

// The life of jobs and pipelines: every change of a status goes through here.
//
// A change and its consequences (later jobs become pending or skipped, a failed job is retried, the
// pipeline gets another status) are one transaction. What lives in memory (queue, onlookers)
// follows after the commit and is derived from what was stored, so a failed transaction leaves
// nothing behind.
class job_board {
 public:
  job_board(store& data, job_queue& queue, net::time_source& time);

  std::function<void(job_record const&)> job_changed;
  std::function<void(pipeline_record const&)> pipeline_changed;
  // A deadline came or went: see next_deadline().
  std::function<void()> deadlines_changed;

  // After a start: pending jobs return to the queue, also those that a runner had not yet accepted.
  void restore();

  // Stores a pipeline with its jobs, all of them `created`. Sets its id and iid, also in the plan's
  // source. start() lets the first jobs run, once their commit can be fetched.
  void add(pipeline_record& pipeline, pipeline::plan plan);
  void start(std::int64_t pipeline);

  // Hands a pending job to a runner; false when somebody was faster. Without `acknowledge_by` it
  // runs.
  bool assign(job_record& job, std::int64_t runner, std::int64_t manager,
              std::string const& token_hash, maybe_time acknowledge_by);
  // The runner took it; renew() gives it more time for that.
  void accept(job_record& job);
  void renew(job_record& job, milliseconds_since_epoch acknowledge_by);
  // Nobody took it: back to the queue, the token is dead.
  void put_back(job_record job);

  void finish(job_record& job, job_end how);
  // A running job gets time for its after_script if its runner can do that. False when it had
  // ended.
  bool cancel(std::int64_t job);
  void cancel_pipeline(std::int64_t pipeline);
  bool play(std::int64_t job, std::string const& manual_variables = "[]");
  // The new job's id, or 0.
  std::int64_t retry(std::int64_t job);

  // Does what is due and returns when something will be next.
  maybe_time expire(milliseconds_since_epoch now);

  plan_cache& plans() { return plans_; }

 private:
  struct change;

  void process(std::int64_t pipeline);
  void move(job_record& job, std::string status);
  void let_run(job_record& job);
  void schedule(job_record& job, std::chrono::seconds start_in);
  void release_resource(job_record const& job);
  bool resource_taken(job_record const& job);
  void cancel_one(job_record& job);
  bool cancels_gracefully(job_record const& job);
  std::int64_t repeat(job_record& job);
  void reopen_after(job_record const& job);
  void update_status(pipeline_record pipeline, known_plan const& plan);
  void publish_changes();
  void follow(job_record const& job);

  store& data_;
  job_queue& queue_;
  net::time_source& time_;
  plan_cache plans_;
  std::set<std::int64_t> touched_jobs_;
  std::set<std::int64_t> touched_pipelines_;
  int depth_ = 0;
};

// The runner as the queue sees it.
runner_profile profile_of(store& data, runner_record const& runner);

}  // namespace corunner::coordinator
