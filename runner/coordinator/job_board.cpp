#include "runner/coordinator/job_board.hpp"

#include "runner/coordinator/times.hpp"
#include "runner/pipeline/reports.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace corunner::coordinator {

// One change with all its consequences. Changes nest; the outermost one commits and tells.
struct job_board::change {
  explicit change(job_board& board) : board_(board), all_(board.data_.db) { ++board_.depth_; }
  ~change() {
    if (--board_.depth_ > 0 || done_) return;
    board_.touched_jobs_.clear();
    board_.touched_pipelines_.clear();
  }
  void commit() {
    all_.commit();
    done_ = true;
    if (board_.depth_ == 1) board_.publish_changes();
  }

  job_board& board_;
  transaction all_;
  bool done_ = false;
};

job_board::job_board(store& data, job_queue& queue, net::time_source& time)
    : data_(data), queue_(queue), time_(time), plans_(data.jobs) {}

void job_board::restore() {
  change all(*this);
  for (auto& job : data_.jobs.with_status("pending")) {
    if (job.runner_id) {
      put_back(std::move(job));
    } else {
      touched_jobs_.insert(job.id);
    }
  }
  all.commit();
}

void job_board::add(pipeline_record& pipeline, pipeline::plan plan) {
  change all(*this);
  pipeline.created_at = pipeline.updated_at = wall_milliseconds(time_);
  data_.jobs.add(pipeline);
  plan.source.id = pipeline.id;
  plan.source.iid = pipeline.iid;
  if (plan.source.created_at.empty()) plan.source.created_at = iso_time(pipeline.created_at);
  for (auto const& definition : plan.jobs) {
    job_record job;
    job.pipeline_id = pipeline.id;
    job.project_id = pipeline.project_id;
    job.name = definition.name;
    job.stage = definition.stage;
    job.allow_failure = definition.allow_failure;
    if (!definition.resource_group.empty()) job.resource_group = definition.resource_group;
    job.created_at = pipeline.created_at;
    data_.jobs.add(job);
    for (auto const& need : definition.needs.value_or(std::vector<pipeline::job_need>())) {
      data_.jobs.add_need(job.id, need.job, need.artifacts);
    }
    touched_jobs_.insert(job.id);
  }
  data_.jobs.set_plan(pipeline.id, boost::json::serialize(pipeline::to_json(plan)));
  touched_pipelines_.insert(pipeline.id);
  all.commit();
  plans_.keep(pipeline.id, std::move(plan));
}

void job_board::start(std::int64_t pipeline) {
  change all(*this);
  process(pipeline);
  all.commit();
}

bool job_board::assign(job_record& job, std::int64_t runner, std::int64_t manager,
                       std::string const& token_hash, maybe_time acknowledge_by) {
  change all(*this);
  job.runner_id = runner;
  job.manager_id = manager;
  job.token_hash = token_hash;
  job.acknowledge_by = acknowledge_by;
  if (!acknowledge_by) {
    job.status = "running";
    job.started_at = wall_milliseconds(time_);
  }
  if (!data_.jobs.assign(job)) return false;
  touched_jobs_.insert(job.id);
  if (!acknowledge_by) process(job.pipeline_id);
  all.commit();
  return true;
}

void job_board::accept(job_record& job) {
  change all(*this);
  job.acknowledge_by.reset();
  job.started_at = wall_milliseconds(time_);
  move(job, "running");
  process(job.pipeline_id);
  all.commit();
}

void job_board::renew(job_record& job, milliseconds_since_epoch acknowledge_by) {
  change all(*this);
  job.acknowledge_by = acknowledge_by;
  move(job, "pending");
  all.commit();
}

void job_board::put_back(job_record job) {
  change all(*this);
  job.acknowledge_by.reset();
  job.runner_id.reset();
  job.manager_id.reset();
  job.token_hash.reset();
  job.started_at.reset();
  move(job, "pending");
  process(job.pipeline_id);
  all.commit();
}

void job_board::finish(job_record& job, job_end how) {
  change all(*this);
  auto const plan = plans_.of(job.pipeline_id);
  auto const& definition = plan->job(job.name);
  bool const failed = how.status == "failed";
  bool const canceled = job.status == "canceling";

  job.acknowledge_by.reset();
  if (how.exit_code) job.exit_code = std::clamp<std::int64_t>(*how.exit_code, 0, 32767);
  std::optional<int> exit_code;
  if (job.exit_code) exit_code = static_cast<int>(*job.exit_code);
  if (failed && !canceled) {
    auto const reasons = pipeline::known_failure_reasons();
    bool const known = std::ranges::find(reasons, how.failure_reason) != reasons.end();
    job.failure_reason = known ? how.failure_reason : "unknown_failure";
    job.allow_failure = pipeline::failure_allowed(definition, exit_code);
  }
  move(job, canceled ? "canceled" : how.status);

  bool repeated = false;
  if (failed && !canceled) {
    auto const rows = data_.jobs.of_pipeline(job.pipeline_id);
    auto const earlier = std::count_if(rows.begin(), rows.end(), [&](job_record const& row) {
      return row.name == job.name && row.retried;
    });
    if (pipeline::wants_retry(definition.retry, job.failure_reason, exit_code,
                              static_cast<int>(earlier))) {
      repeated = repeat(job) != 0;
    }
  }
  release_resource(job);
  if (failed && !canceled && !repeated && !job.allow_failure && plan->plan.cancel_on_job_failure) {
    for (auto& other : data_.jobs.of_pipeline(job.pipeline_id)) cancel_one(other);
  }
  process(job.pipeline_id);
  all.commit();
}

bool job_board::cancel(std::int64_t id) {
  auto job = data_.jobs.find(id);
  if (!job || job->ended()) return false;
  change all(*this);
  cancel_one(*job);
  process(job->pipeline_id);
  all.commit();
  return true;
}

void job_board::cancel_pipeline(std::int64_t pipeline) {
  change all(*this);
  for (auto& job : data_.jobs.of_pipeline(pipeline)) cancel_one(job);
  process(pipeline);
  all.commit();
}

bool job_board::play(std::int64_t id, std::string const& manual_variables) {
  auto job = data_.jobs.find(id);
  if (!job || (job->status != "manual" && job->status != "scheduled")) return false;
  change all(*this);
  job->manual_variables = manual_variables;
  let_run(*job);
  process(job->pipeline_id);
  all.commit();
  return true;
}

std::int64_t job_board::retry(std::int64_t id) {
  auto job = data_.jobs.find(id);
  if (!job || !job->ended() || job->status == "skipped" || job->retried) return 0;
  change all(*this);
  auto const made = repeat(*job);
  reopen_after(*job);
  process(job->pipeline_id);
  all.commit();
  return made;
}

maybe_time job_board::expire(milliseconds_since_epoch now) {
  maybe_time next;
  auto const later = [&](milliseconds_since_epoch when) {
    next = std::min(next.value_or(when), when);
  };
  for (auto& job : data_.jobs.with_status("pending")) {
    if (!job.acknowledge_by) continue;
    if (*job.acknowledge_by > now) {
      later(*job.acknowledge_by);
    } else {
      put_back(std::move(job));
    }
  }
  for (auto const& job : data_.jobs.with_status("scheduled")) {
    if (!job.scheduled_at) continue;
    if (*job.scheduled_at > now) {
      later(*job.scheduled_at);
    } else {
      play(job.id);
    }
  }
  return next;
}

runner_profile profile_of(store& data, runner_record const& runner) {
  runner_profile profile;
  profile.id = runner.id;
  profile.type = runner.type;
  profile.tags = {runner.tags.begin(), runner.tags.end()};
  profile.run_untagged = runner.run_untagged;
  profile.only_protected = runner.access_level == "ref_protected";
  if (runner.type == "project_type") {
    auto const projects = data.runners.projects(runner.id);
    profile.projects = {projects.begin(), projects.end()};
  }
  if (runner.group_id) profile.group_path = data.projects.group_path(*runner.group_id).value_or("");
  return profile;
}

}  // namespace corunner::coordinator
