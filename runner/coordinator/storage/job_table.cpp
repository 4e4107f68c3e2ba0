#include "runner/coordinator/storage/job_table.hpp"

namespace corunner::coordinator {

namespace {

#define CORUNNER_PIPELINE_COLUMNS                                                          \
  "id, iid, project_id, status, source, ref, tag, sha, before_sha, git_dir, created_at, " \
  "updated_at, started_at, finished_at"

#define CORUNNER_JOB_COLUMNS                                                                    \
  "id, pipeline_id, project_id, name, stage, status, failure_reason, exit_code, allow_failure, " \
  "retried, runner_id, manager_id, token_hash, acknowledge_by, resource_group, created_at, "    \
  "queued_at, scheduled_at, started_at, finished_at, erased_at, trace_size, trace_crc32, "      \
  "trace_intact, debug_trace, manual_variables"

pipeline_record read_pipeline(query const& row) {
  pipeline_record p;
  p.id = row.integer(0);
  p.iid = row.integer(1);
  p.project_id = row.integer(2);
  p.status = row.text(3);
  p.source = row.text(4);
  p.ref = row.text(5);
  p.tag = row.flag(6);
  p.sha = row.text(7);
  p.before_sha = row.text(8);
  p.git_dir = row.text(9);
  p.created_at = row.integer(10);
  p.updated_at = row.integer(11);
  p.started_at = row.maybe_integer(12);
  p.finished_at = row.maybe_integer(13);
  return p;
}

job_record read_job(query const& row) {
  job_record j;
  j.id = row.integer(0);
  j.pipeline_id = row.integer(1);
  j.project_id = row.integer(2);
  j.name = row.text(3);
  j.stage = row.text(4);
  j.status = row.text(5);
  j.failure_reason = row.text(6);
  j.exit_code = row.maybe_integer(7);
  j.allow_failure = row.flag(8);
  j.retried = row.flag(9);
  j.runner_id = row.maybe_integer(10);
  j.manager_id = row.maybe_integer(11);
  j.token_hash = row.maybe_text(12);
  j.acknowledge_by = row.maybe_integer(13);
  j.resource_group = row.maybe_text(14);
  j.created_at = row.integer(15);
  j.queued_at = row.maybe_integer(16);
  j.scheduled_at = row.maybe_integer(17);
  j.started_at = row.maybe_integer(18);
  j.finished_at = row.maybe_integer(19);
  j.erased_at = row.maybe_integer(20);
  j.trace_size = row.integer(21);
  j.trace_crc32 = row.integer(22);
  j.trace_intact = row.maybe_integer(23);
  j.debug_trace = row.flag(24);
  j.manual_variables = row.text(25);
  return j;
}

std::vector<job_record> every_job(query rows) {
  std::vector<job_record> all;
  while (rows.next()) all.push_back(read_job(rows));
  return all;
}

std::optional<job_record> first_job(query rows) {
  if (!rows.next()) return std::nullopt;
  return read_job(rows);
}

std::vector<pipeline_record> every_pipeline(query rows) {
  std::vector<pipeline_record> all;
  while (rows.next()) all.push_back(read_pipeline(rows));
  return all;
}

}  // namespace

void job_table::add(pipeline_record& p) {
  {
    auto last =
        db_.prepare("SELECT coalesce(max(iid), 0) FROM pipelines WHERE project_id=?", p.project_id);
    last.next();
    p.iid = last.integer(0) + 1;
  }
  db_.run(
      "INSERT INTO pipelines(iid, project_id, status, source, ref, tag, sha, before_sha, git_dir, "
      "plan, created_at, updated_at, started_at, finished_at) VALUES (?,?,?,?,?,?,?,?,?,'',?,?,?,?)",
      p.iid, p.project_id, p.status, p.source, p.ref, p.tag, p.sha, p.before_sha, p.git_dir,
      p.created_at, p.updated_at, p.started_at, p.finished_at);
  p.id = db_.last_id();
}

void job_table::set_plan(std::int64_t id, std::string const& plan) {
  db_.run("UPDATE pipelines SET plan=? WHERE id=?", plan, id);
}

void job_table::update(pipeline_record const& p) {
  db_.run("UPDATE pipelines SET status=?, updated_at=?, started_at=?, finished_at=? WHERE id=?",
          p.status, p.updated_at, p.started_at, p.finished_at, p.id);
}

std::optional<pipeline_record> job_table::find_pipeline(std::int64_t id) {
  auto row = db_.prepare("SELECT " CORUNNER_PIPELINE_COLUMNS " FROM pipelines WHERE id=?", id);
  if (!row.next()) return std::nullopt;
  return read_pipeline(row);
}

std::string job_table::plan(std::int64_t pipeline) {
  auto row = db_.prepare("SELECT plan FROM pipelines WHERE id=?", pipeline);
  return row.next() ? row.text(0) : std::string();
}

std::vector<pipeline_record> job_table::pipelines() {
  return every_pipeline(
      db_.prepare("SELECT " CORUNNER_PIPELINE_COLUMNS " FROM pipelines ORDER BY id DESC"));
}

std::vector<pipeline_record> job_table::pipelines_of(std::int64_t project) {
  return every_pipeline(db_.prepare("SELECT " CORUNNER_PIPELINE_COLUMNS
                                    " FROM pipelines WHERE project_id=? ORDER BY id DESC",
                                    project));
}

void job_table::add(job_record& j) {
  db_.run(
      "INSERT INTO jobs(pipeline_id, project_id, name, stage, status, allow_failure, resource_group, "
      "created_at, manual_variables) VALUES (?,?,?,?,?,?,?,?,?)",
      j.pipeline_id, j.project_id, j.name, j.stage, j.status, j.allow_failure, j.resource_group,
      j.created_at, j.manual_variables);
  j.id = db_.last_id();
}

void job_table::add_need(std::int64_t job, std::string const& name, bool artifacts) {
  db_.run("INSERT OR IGNORE INTO job_needs(job_id, name, artifacts) VALUES (?,?,?)", job, name,
          artifacts);
}

void job_table::update(job_record const& j) {
  db_.run(
      "UPDATE jobs SET status=?, failure_reason=?, exit_code=?, allow_failure=?, retried=?, "
      "runner_id=?, manager_id=?, token_hash=?, acknowledge_by=?, queued_at=?, scheduled_at=?, "
      "started_at=?, finished_at=?, erased_at=?, trace_size=?, trace_crc32=?, trace_intact=?, "
      "debug_trace=?, manual_variables=? WHERE id=?",
      j.status, j.failure_reason, j.exit_code, j.allow_failure, j.retried, j.runner_id,
      j.manager_id, j.token_hash, j.acknowledge_by, j.queued_at, j.scheduled_at, j.started_at,
      j.finished_at, j.erased_at, j.trace_size, j.trace_crc32, j.trace_intact, j.debug_trace,
      j.manual_variables, j.id);
}

std::optional<job_record> job_table::find(std::int64_t id) {
  return first_job(db_.prepare("SELECT " CORUNNER_JOB_COLUMNS " FROM jobs WHERE id=?", id));
}

std::optional<job_record> job_table::find_by_token_hash(std::string const& hash) {
  return first_job(
      db_.prepare("SELECT " CORUNNER_JOB_COLUMNS " FROM jobs WHERE token_hash=?", hash));
}

std::vector<job_record> job_table::of_pipeline(std::int64_t pipeline) {
  return every_job(db_.prepare(
      "SELECT " CORUNNER_JOB_COLUMNS " FROM jobs WHERE pipeline_id=? ORDER BY id", pipeline));
}

bool job_table::executes(std::int64_t runner, std::optional<std::int64_t> manager) {
  auto row = db_.prepare("SELECT 1 FROM jobs WHERE runner_id=?1 AND status='running' "
                         "AND (?2 IS NULL OR manager_id=?2) LIMIT 1",
                         runner, manager);
  return row.next();
}

std::vector<job_record> job_table::with_status(std::string const& status) {
  return every_job(
      db_.prepare("SELECT " CORUNNER_JOB_COLUMNS " FROM jobs WHERE status=? ORDER BY id", status));
}

std::map<std::int64_t, int> job_table::running_on_instance_runners() {
  std::map<std::int64_t, int> counts;
  auto rows = db_.prepare(
      "SELECT j.project_id, count(*) FROM jobs AS j, runners AS r WHERE j.status='running' "
      "AND r.id=j.runner_id AND r.type='instance_type' GROUP BY j.project_id");
  while (rows.next()) counts[rows.integer(0)] = static_cast<int>(rows.integer(1));
  return counts;
}

bool job_table::assign(job_record const& j) {
  db_.run(
      "UPDATE jobs SET status=?, runner_id=?, manager_id=?, token_hash=?, acknowledge_by=?, "
      "started_at=? WHERE id=? AND status='pending' AND runner_id IS NULL",
      j.status, j.runner_id, j.manager_id, j.token_hash, j.acknowledge_by, j.started_at, j.id);
  return db_.changes() == 1;
}

void job_table::set_variable(std::int64_t job, job_variable_record const& v) {
  db_.run(
      "INSERT INTO job_variables(job_id, key, value, source) VALUES (?,?,?,?) "
      "ON CONFLICT(job_id, key) DO UPDATE SET value=excluded.value, source=excluded.source",
      job, v.key, v.value, v.source);
}

std::vector<job_variable_record> job_table::variables(std::int64_t job) {
  std::vector<job_variable_record> all;
  auto rows = db_.prepare(
      "SELECT key, value, source FROM job_variables WHERE job_id=? ORDER BY rowid", job);
  while (rows.next()) all.push_back({rows.text(0), rows.text(1), rows.text(2)});
  return all;
}

}  // namespace corunner::coordinator
