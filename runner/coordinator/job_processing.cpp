// What follows from a change: the inner half of job_board.

#include "runner/coordinator/job_board.hpp"
#include "runner/coordinator/times.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace corunner::coordinator {

void job_board::process(std::int64_t id) {
  auto pipeline = data_.jobs.find_pipeline(id);
  if (!pipeline) return;
  auto const plan = plans_.of(id);
  auto rows = data_.jobs.of_pipeline(id);
  auto states = plan->states(rows);
  for (auto const& due : pipeline::advance(states)) {
    auto& job = rows[due.job];
    switch (due.to) {
      case pipeline::job_status::pending:
      case pipeline::job_status::waiting_for_resource:
        let_run(job);
        break;
      case pipeline::job_status::scheduled:
        schedule(job, plan->job(job.name).start_in);
        break;
      default:
        move(job, std::string(pipeline::to_string(due.to)));
    }
  }
  update_status(std::move(*pipeline), *plan);
}

void job_board::update_status(pipeline_record pipeline, known_plan const& plan) {
  auto const rows = data_.jobs.of_pipeline(pipeline.id);
  auto const status = pipeline::pipeline_status(plan.states(rows));
  auto const now = wall_milliseconds(time_);
  bool const started = std::any_of(
      rows.begin(), rows.end(), [](job_record const& job) { return job.started_at.has_value(); });
  std::string const name(pipeline::to_string(status));
  if (name == pipeline.status && started == pipeline.started_at.has_value()) return;
  pipeline.status = name;
  pipeline.updated_at = now;
  if (started && !pipeline.started_at) pipeline.started_at = now;
  pipeline.finished_at.reset();
  if (pipeline::is_completed(status)) pipeline.finished_at = now;
  data_.jobs.update(pipeline);
  touched_pipelines_.insert(pipeline.id);
}

void job_board::move(job_record& job, std::string status) {
  job.status = std::move(status);
  if (job.ended() && !job.finished_at) job.finished_at = wall_milliseconds(time_);
  data_.jobs.update(job);
  touched_jobs_.insert(job.id);
}

void job_board::let_run(job_record& job) {
  job.scheduled_at.reset();
  if (job.resource_group && resource_taken(job)) return move(job, "waiting_for_resource");
  job.queued_at = wall_milliseconds(time_);
  move(job, "pending");
}

void job_board::schedule(job_record& job, std::chrono::seconds start_in) {
  job.scheduled_at = wall_milliseconds(time_) +
                     std::chrono::duration_cast<std::chrono::milliseconds>(start_in).count();
  move(job, "scheduled");
}

bool job_board::resource_taken(job_record const& job) {
  for (auto const* const status : {"pending", "running", "canceling"}) {
    for (auto const& other : data_.jobs.with_status(status)) {
      if (other.id != job.id && other.project_id == job.project_id &&
          other.resource_group == job.resource_group) {
        return true;
      }
    }
  }
  return false;
}

void job_board::release_resource(job_record const& job) {
  if (!job.resource_group) return;
  for (auto& next : data_.jobs.with_status("waiting_for_resource")) {
    if (next.project_id != job.project_id || next.resource_group != job.resource_group) continue;
    let_run(next);
    if (next.pipeline_id != job.pipeline_id) process(next.pipeline_id);
    return;
  }
}

bool job_board::cancels_gracefully(job_record const& job) {
  if (!job.manager_id) return false;
  auto const manager = data_.runners.find_manager(*job.manager_id);
  if (!manager) return false;
  auto const features = boost::json::parse(manager->features);
  auto const* const flag = features.as_object().if_contains("cancel_gracefully");
  return flag && flag->is_bool() && flag->as_bool();
}

void job_board::cancel_one(job_record& job) {
  if (job.ended() || job.status == "canceling") return;
  if (job.status == "running" && cancels_gracefully(job)) return move(job, "canceling");
  job.acknowledge_by.reset();
  move(job, "canceled");
  release_resource(job);
}

std::int64_t job_board::repeat(job_record& job) {
  auto const plan = plans_.of(job.pipeline_id);
  auto const& definition = plan->job(job.name);
  job.retried = true;
  move(job, job.status);

  job_record again;
  again.pipeline_id = job.pipeline_id;
  again.project_id = job.project_id;
  again.name = job.name;
  again.stage = job.stage;
  again.allow_failure = definition.allow_failure;
  again.resource_group = job.resource_group;
  again.manual_variables = job.manual_variables;
  again.created_at = wall_milliseconds(time_);
  data_.jobs.add(again);
  for (auto const& need : definition.needs.value_or(std::vector<pipeline::job_need>())) {
    data_.jobs.add_need(again.id, need.job, need.artifacts);
  }
  touched_jobs_.insert(again.id);
  // A job that somebody or time had let run does not wait for that a second time.
  bool const actionable = definition.when == pipeline::job_when::manual ||
                          definition.when == pipeline::job_when::delayed;
  if (actionable) let_run(again);
  return again.id;
}

void job_board::reopen_after(job_record const& job) {
  auto const plan = plans_.of(job.pipeline_id);
  auto const& stages = plan->plan.stages;
  auto const place = [&](std::string const& stage) {
    return std::find(stages.begin(), stages.end(), stage) - stages.begin();
  };
  std::set<std::string> behind{job.name};
  // Jobs stand by stage, and needs never point to a later one; needs within a stage may be in any
  // order, so look until nothing is added.
  for (std::size_t before = 0; before != behind.size();) {
    before = behind.size();
    for (auto const& other : plan->plan.jobs) {
      if (other.needs) {
        bool const needs_one =
            std::any_of(other.needs->begin(), other.needs->end(),
                        [&](auto const& need) { return behind.contains(need.job); });
        if (needs_one) behind.insert(other.name);
      } else if (place(other.stage) > place(job.stage)) {
        behind.insert(other.name);
      }
    }
  }
  for (auto& row : data_.jobs.of_pipeline(job.pipeline_id)) {
    if (row.status != "skipped" || row.retried || !behind.contains(row.name)) continue;
    row.finished_at.reset();
    move(row, "created");
  }
}

void job_board::publish_changes() {
  auto const jobs = std::exchange(touched_jobs_, {});
  auto const pipelines = std::exchange(touched_pipelines_, {});
  for (auto const id : jobs) {
    if (auto const job = data_.jobs.find(id)) follow(*job);
  }
  for (auto const id : pipelines) {
    auto const pipeline = data_.jobs.find_pipeline(id);
    if (!pipeline) continue;
    if (pipeline->finished_at) plans_.forget(id);
    if (pipeline_changed) pipeline_changed(*pipeline);
  }
  if (deadlines_changed) deadlines_changed();
}

void job_board::follow(job_record const& job) {
  bool const waits = job.status == "pending" && !job.runner_id;
  if (!waits) {
    queue_.remove(job.id);
  } else if (!queue_.pending().contains(job.id)) {
    auto const plan = plans_.of(job.pipeline_id);
    auto const project = data_.projects.find(job.project_id);
    pending_job entry;
    entry.id = job.id;
    entry.project_id = job.project_id;
    entry.tags = plan->job(job.name).tags;
    entry.ref_protected = plan->plan.source.commit.ref_protected;
    if (project) {
      entry.project_path = project->path;
      entry.instance_runners = project->instance_runners;
      entry.group_runners = project->group_runners;
    }
    for (auto const id : queue_.known()) {
      auto const runner = data_.runners.find(id);
      if (runner && may_take(profile_of(data_, *runner), entry)) queue_.tick(id);
    }
    queue_.add(std::move(entry));
  }
  if (job_changed) job_changed(job);
}

}  // namespace corunner::coordinator
