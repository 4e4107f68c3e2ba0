#include "runner/coordinator/storage/schema.hpp"

#include <fmt/format.h>

#include <array>

namespace corunner::coordinator {

namespace {

// Times are milliseconds since 1970; secrets are stored as SHA-256 in hex; lists as JSON.
constexpr char const* first_layout = R"sql(
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  email TEXT NOT NULL, administrator INTEGER NOT NULL, created_at INTEGER NOT NULL);

CREATE TABLE access_tokens (
  id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL REFERENCES users(id),
  hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, scopes TEXT NOT NULL,
  expires_at INTEGER, revoked INTEGER NOT NULL DEFAULT 0);

CREATE TABLE groups (id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE);

CREATE TABLE projects (
  id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE,
  group_id INTEGER NOT NULL REFERENCES groups(id), repository TEXT NOT NULL,
  default_branch TEXT NOT NULL, created_at INTEGER NOT NULL);

CREATE TABLE runners (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL, type TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE, token_expires_at INTEGER, description TEXT, name TEXT,
  active INTEGER NOT NULL, locked INTEGER NOT NULL, run_untagged INTEGER NOT NULL,
  tags TEXT NOT NULL, access_level TEXT NOT NULL, maximum_timeout INTEGER, maintenance_note TEXT,
  registration_type TEXT NOT NULL, creation_state TEXT NOT NULL, contacted_at INTEGER,
  created_at INTEGER NOT NULL, creator_id INTEGER REFERENCES users(id),
  group_id INTEGER REFERENCES groups(id));

CREATE TABLE runner_projects (
  runner_id INTEGER NOT NULL REFERENCES runners(id) ON DELETE CASCADE,
  project_id INTEGER NOT NULL REFERENCES projects(id),
  PRIMARY KEY (runner_id, project_id));

CREATE TABLE runner_managers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  runner_id INTEGER NOT NULL REFERENCES runners(id) ON DELETE CASCADE,
  system_id TEXT NOT NULL, version TEXT, revision TEXT, platform TEXT, architecture TEXT,
  executor TEXT, features TEXT NOT NULL DEFAULT '{}', ip_address TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL, contacted_at INTEGER, UNIQUE (runner_id, system_id));

CREATE TABLE pipelines (
  id INTEGER PRIMARY KEY AUTOINCREMENT, iid INTEGER NOT NULL,
  project_id INTEGER NOT NULL REFERENCES projects(id), status TEXT NOT NULL, source TEXT NOT NULL,
  ref TEXT NOT NULL, tag INTEGER NOT NULL, sha TEXT NOT NULL, before_sha TEXT NOT NULL,
  git_dir TEXT NOT NULL, plan TEXT NOT NULL, created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, started_at INTEGER, finished_at INTEGER, UNIQUE (project_id, iid));

-- Runners and managers may be deleted while their jobs stay: no references to them.
CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, pipeline_id INTEGER NOT NULL REFERENCES pipelines(id),
  project_id INTEGER NOT NULL REFERENCES projects(id), name TEXT NOT NULL, stage TEXT NOT NULL,
  status TEXT NOT NULL, failure_reason TEXT NOT NULL DEFAULT '', exit_code INTEGER,
  allow_failure INTEGER NOT NULL, retried INTEGER NOT NULL DEFAULT 0, runner_id INTEGER,
  manager_id INTEGER, token_hash TEXT UNIQUE, acknowledge_by INTEGER, resource_group TEXT,
  created_at INTEGER NOT NULL, queued_at INTEGER, scheduled_at INTEGER, started_at INTEGER,
  finished_at INTEGER, erased_at INTEGER, trace_size INTEGER NOT NULL DEFAULT 0,
  trace_crc32 INTEGER NOT NULL DEFAULT 0, trace_intact INTEGER, debug_trace INTEGER NOT NULL DEFAULT 0,
  manual_variables TEXT NOT NULL DEFAULT '[]');
CREATE INDEX jobs_of_pipeline ON jobs(pipeline_id);
CREATE INDEX jobs_by_status ON jobs(status);
CREATE INDEX jobs_of_runner ON jobs(runner_id);

CREATE TABLE job_needs (
  job_id INTEGER NOT NULL REFERENCES jobs(id), name TEXT NOT NULL, artifacts INTEGER NOT NULL,
  PRIMARY KEY (job_id, name)) WITHOUT ROWID;

CREATE TABLE job_variables (
  job_id INTEGER NOT NULL REFERENCES jobs(id), key TEXT NOT NULL, value TEXT NOT NULL,
  source TEXT NOT NULL, PRIMARY KEY (job_id, key));

CREATE TABLE job_artifacts (
  id INTEGER PRIMARY KEY AUTOINCREMENT, job_id INTEGER NOT NULL REFERENCES jobs(id),
  type TEXT NOT NULL, format TEXT NOT NULL, filename TEXT NOT NULL, path TEXT NOT NULL,
  size INTEGER NOT NULL, sha256 TEXT NOT NULL, created_at INTEGER NOT NULL, expire_at INTEGER,
  UNIQUE (job_id, type));
)sql";

// Roles of users, settings of groups and projects, what managers tell beyond their version.
constexpr char const* second_layout = R"sql(
ALTER TABLE users ADD COLUMN auditor INTEGER NOT NULL DEFAULT 0;

CREATE TABLE members (
  user_id INTEGER NOT NULL REFERENCES users(id), group_id INTEGER REFERENCES groups(id),
  project_id INTEGER REFERENCES projects(id), level INTEGER NOT NULL,
  UNIQUE (user_id, group_id), UNIQUE (user_id, project_id),
  CHECK ((group_id IS NULL) <> (project_id IS NULL)));

-- Lifetimes in milliseconds.
ALTER TABLE groups ADD COLUMN registration_token_hash TEXT;
ALTER TABLE groups ADD COLUMN registration_allowed INTEGER NOT NULL DEFAULT 1;
ALTER TABLE groups ADD COLUMN runner_token_lifetime INTEGER;
ALTER TABLE projects ADD COLUMN registration_token_hash TEXT;
ALTER TABLE projects ADD COLUMN registration_allowed INTEGER NOT NULL DEFAULT 1;
ALTER TABLE projects ADD COLUMN runner_token_lifetime INTEGER;
ALTER TABLE projects ADD COLUMN instance_runners INTEGER NOT NULL DEFAULT 1;
ALTER TABLE projects ADD COLUMN group_runners INTEGER NOT NULL DEFAULT 1;

ALTER TABLE runners ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
UPDATE runners SET updated_at = created_at;
ALTER TABLE runner_projects ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runner_managers ADD COLUMN config TEXT NOT NULL DEFAULT '{}';
ALTER TABLE runner_managers ADD COLUMN labels TEXT NOT NULL DEFAULT '{}';
CREATE INDEX managers_by_contact ON runner_managers(contacted_at);
CREATE INDEX running_jobs ON jobs(runner_id, manager_id) WHERE status = 'running';
)sql";

constexpr std::array layouts{first_layout, second_layout};
static_assert(layouts.size() == newest_layout);

}  // namespace

void migrate(database& db, std::size_t to) {
  std::int64_t version = 0;
  {
    auto row = db.prepare("PRAGMA user_version");
    if (row.next()) version = row.integer(0);
  }
  if (version > static_cast<std::int64_t>(layouts.size())) {
    throw database_error(fmt::format("database layout {} is newer than this program's {}", version,
                                     layouts.size()));
  }
  for (auto next = static_cast<std::size_t>(version); next < to; ++next) {
    transaction step(db);
    db.script(layouts[next]);
    db.script(fmt::format("PRAGMA user_version={}", next + 1));
    step.commit();
  }
}

}  // namespace corunner::coordinator
