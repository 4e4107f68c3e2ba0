#include "runner/coordinator/api/jobs/assignment.hpp"

#include "runner/coordinator/context.hpp"
#include "runner/coordinator/token.hpp"
#include "runner/pipeline/payload.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace corunner::coordinator {

namespace {

constexpr int most_candidates = 45;

bool has_feature(boost::json::object const& features, std::string_view name) {
  auto const* const flag = features.if_contains(name);
  return flag && flag->is_bool() && flag->as_bool();
}

// A feature that the job needs and the runner lacks; empty when it has all.
std::string_view missing_feature(pipeline::pipeline_source const& source,
                                 pipeline::job_definition const& job,
                                 boost::json::object const& features) {
  bool const reports = job.artifacts && !job.artifacts->reports.empty();
  bool const excludes = job.artifacts && !job.artifacts->exclude.empty();
  bool const exit_codes = !job.allow_failure_exit_codes.empty() || !job.retry.exit_codes.empty();
  bool const fallback = std::any_of(job.cache.begin(), job.cache.end(),
                                    [](auto const& cache) { return !cache.fallback_keys.empty(); });
  std::pair<bool, std::string_view> const needs[] = {
      {reports, "upload_multiple_artifacts"}, {source.merge_request.has_value(), "refspecs"},
      {excludes, "artifacts_exclude"},        {job.release.has_value(), "multi_build_steps"},
      {exit_codes, "return_exit_code"},       {fallback, "fallback_cache_keys"},
  };
  for (auto const& [needed, name] : needs) {
    if (needed && !has_feature(features, name)) return name;
  }
  return {};
}

// The jobs whose artifacts the job gets; false when some of them are gone.
bool gather_upstream(context& in, job_record const& job, known_plan const& plan,
                     pipeline::job_definition const& definition, pipeline::payload_context& into) {
  auto const rows = in.data.jobs.of_pipeline(job.pipeline_id);
  for (auto const& name : pipeline::upstream_names(plan.plan, definition)) {
    auto const row = std::find_if(rows.begin(), rows.end(), [&](job_record const& candidate) {
      return candidate.name == name && !candidate.retried;
    });
    if (row == rows.end()) continue;
    if (row->erased_at) return false;
    pipeline::upstream_job upstream;
    upstream.id = row->id;
    upstream.name = row->name;
    if (auto const archive = in.data.artifacts.find(row->id, "archive")) {
      if (archive->expire_at && *archive->expire_at <= in.now()) return false;
      upstream.has_archive = true;
      upstream.archive_name = archive->filename;
      upstream.archive_size = archive->size;
    }
    for (auto const& variable : in.data.jobs.variables(row->id)) {
      upstream.dotenv.push_back({variable.key, variable.value});
    }
    into.upstream.push_back(std::move(upstream));
  }
  return true;
}

std::vector<pipeline::variable> manual_variables_of(job_record const& job) {
  std::vector<pipeline::variable> list;
  auto const parsed = boost::json::parse(job.manual_variables);
  for (auto const& item : parsed.as_array()) {
    auto const& object = item.as_object();
    list.push_back(
        {std::string(object.at("key").as_string()), std::string(object.at("value").as_string())});
  }
  return list;
}

// A UUID that this coordinator has for good, made when it is first asked for.
std::string instance_fact(context& in, std::string const& key) {
  if (auto const known = in.data.access.setting(key)) return *known;
  auto const made = make_uuid(in.now());
  in.data.access.set_setting(key, made);
  return made;
}

pipeline::payload_context payload_context_of(context& in, job_record const& job,
                                             runner_record const& runner) {
  auto const now = in.now();
  pipeline::payload_context with;
  with.job_id = job.id;
  with.job_token = make_token("glcbt-64_");
  with.started_at = iso_time(now);
  if (auto const project = in.data.projects.find(job.project_id)) {
    with.repository_url = fmt::format("{}/{}.git", in.url(), project->path);
  }
  with.runner.id = runner.id;
  with.runner.uuid = runner.uuid;
  with.runner.description = runner.description.value_or("");
  with.runner.tags = runner.tags;
  with.runner.instance_runner = runner.type == "instance_type";
  if (runner.maximum_timeout) {
    with.runner.maximum_timeout = std::chrono::seconds(*runner.maximum_timeout);
  }
  with.project_timeout = in.options.project_timeout;
  with.time_in_queue_seconds = static_cast<double>(now - job.queued_at.value_or(now)) / 1000.0;
  with.instance_id = instance_fact(in, "instance_id");
  with.instance_uuid = instance_fact(in, "instance_uuid");
  with.manual_variables = manual_variables_of(job);
  return with;
}

void fail_job(context& in, job_record& job, std::string reason) {
  in.board.finish(job, {"failed", std::move(reason), std::nullopt});
}

// What the search for a job was like until now.
struct search {
  std::map<std::int64_t, int> running;  // of each project, on instance runners
  int candidates = 0;
  int looked_at = 0;
};

// Hands one candidate over. False: it failed here or somebody else has it, look at the next.
bool try_candidate(context& in, job_record& job, runner_record const& runner,
                   manager_record const& manager, search const& searched, assignment& found) {
  auto const features = boost::json::parse(manager.features).as_object();
  auto const plan = in.board.plans().of(job.pipeline_id);
  auto const& definition = plan->job(job.name);
  auto with = payload_context_of(in, job, runner);
  auto const running = searched.running.find(job.project_id);
  if (running != searched.running.end()) with.running_of_project = running->second;
  with.queue_size = searched.candidates;
  with.queue_depth = searched.looked_at;
  if (!gather_upstream(in, job, *plan, definition, with)) {
    fail_job(in, job, "missing_dependency_failure");
    return false;
  }
  if (!missing_feature(plan->plan.source, definition, features).empty()) {
    fail_job(in, job, "runner_unsupported");
    return false;
  }
  std::string payload;
  try {
    payload = boost::json::serialize(
        gitlab::encode_job(pipeline::make_payload(plan->plan, definition, with)));
  } catch (database_error const&) {
    throw;
  } catch (std::exception const&) {
    fail_job(in, job, "scheduler_failure");
    return false;
  }
  maybe_time acknowledge_by;
  if (has_feature(features, "two_phase_job_commit")) {
    acknowledge_by = in.now() + in.options.acknowledge_time.count();
  }
  if (!in.board.assign(job, runner.id, manager.id, sha256(with.job_token), acknowledge_by)) {
    found.incomplete = true;
    return false;
  }
  found = {job.id, std::move(payload), false};
  return true;
}

}  // namespace

assignment find_job(context& in, runner_record const& runner, manager_record const& manager) {
  search searched;
  searched.running = in.data.jobs.running_on_instance_runners();
  auto const candidates = in.queue.candidates(profile_of(in.data, runner), searched.running);
  searched.candidates = static_cast<int>(candidates.size());
  assignment found;
  for (auto const id : candidates) {
    if (++searched.looked_at > most_candidates) {
      found.incomplete = true;
      break;
    }
    auto job = in.data.jobs.find(id);
    if (!job || job->status != "pending" || job->runner_id) continue;
    if (try_candidate(in, *job, runner, manager, searched, found)) return found;
  }
  return found;
}

}  // namespace corunner::coordinator
