#include "runner/coordinator/storage/runner_table.hpp"

#include "runner/coordinator/storage/json_list.hpp"

namespace corunner::coordinator {

namespace {

#define CORUNNER_RUNNER_COLUMNS                                                             \
  "id, uuid, type, token_hash, token_expires_at, description, name, active, locked, "       \
  "run_untagged, tags, access_level, maximum_timeout, maintenance_note, registration_type, " \
  "creation_state, contacted_at, created_at, creator_id, group_id, updated_at"

#define CORUNNER_MANAGER_COLUMNS                                                       \
  "id, runner_id, system_id, version, revision, platform, architecture, executor, "    \
  "features, ip_address, created_at, contacted_at, config, labels"

runner_record read_runner(query const& row) {
  runner_record r;
  r.id = row.integer(0);
  r.uuid = row.text(1);
  r.type = row.text(2);
  r.token_hash = row.text(3);
  r.token_expires_at = row.maybe_integer(4);
  r.description = row.maybe_text(5);
  r.name = row.maybe_text(6);
  r.active = row.flag(7);
  r.locked = row.flag(8);
  r.run_untagged = row.flag(9);
  r.tags = from_json_list(row.text(10));
  r.access_level = row.text(11);
  r.maximum_timeout = row.maybe_integer(12);
  r.maintenance_note = row.maybe_text(13);
  r.registration_type = row.text(14);
  r.creation_state = row.text(15);
  r.contacted_at = row.maybe_integer(16);
  r.created_at = row.integer(17);
  r.creator_id = row.maybe_integer(18);
  r.group_id = row.maybe_integer(19);
  r.updated_at = row.integer(20);
  return r;
}

manager_record read_manager(query const& row) {
  manager_record m;
  m.id = row.integer(0);
  m.runner_id = row.integer(1);
  m.system_id = row.text(2);
  m.version = row.maybe_text(3);
  m.revision = row.maybe_text(4);
  m.platform = row.maybe_text(5);
  m.architecture = row.maybe_text(6);
  m.executor = row.maybe_text(7);
  m.features = row.text(8);
  m.ip_address = row.text(9);
  m.created_at = row.integer(10);
  m.contacted_at = row.maybe_integer(11);
  m.config = row.text(12);
  m.labels = row.text(13);
  return m;
}

std::int64_t read_id(query const& row) { return row.integer(0); }

template <class Record, class Read>
std::optional<Record> first(query rows, Read read) {
  if (!rows.next()) return std::nullopt;
  return read(rows);
}

template <class Record, class Read>
std::vector<Record> every(query rows, Read read) {
  std::vector<Record> all;
  while (rows.next()) all.push_back(read(rows));
  return all;
}

}  // namespace

void runner_table::add(runner_record& r) {
  db_.run(
      "INSERT INTO runners(uuid, type, token_hash, token_expires_at, description, name, active, "
      "locked, run_untagged, tags, access_level, maximum_timeout, maintenance_note, "
      "registration_type, creation_state, contacted_at, created_at, creator_id, "
      "group_id, updated_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
      r.uuid, r.type, r.token_hash, r.token_expires_at, r.description, r.name, r.active, r.locked,
      r.run_untagged, to_json_list(r.tags), r.access_level, r.maximum_timeout, r.maintenance_note,
      r.registration_type, r.creation_state, r.contacted_at, r.created_at, r.creator_id, r.group_id,
      r.updated_at);
  r.id = db_.last_id();
}

void runner_table::update(runner_record const& r) {
  db_.run(
      "UPDATE runners SET token_hash=?, token_expires_at=?, description=?, name=?, active=?, "
      "locked=?, run_untagged=?, tags=?, access_level=?, maximum_timeout=?, maintenance_note=?, "
      "creation_state=?, contacted_at=?, updated_at=? WHERE id=?",
      r.token_hash, r.token_expires_at, r.description, r.name, r.active, r.locked, r.run_untagged,
      to_json_list(r.tags), r.access_level, r.maximum_timeout, r.maintenance_note, r.creation_state,
      r.contacted_at, r.updated_at, r.id);
}

void runner_table::remove(std::int64_t id) { db_.run("DELETE FROM runners WHERE id=?", id); }

void runner_table::contacted(std::int64_t id, milliseconds_since_epoch now) {
  db_.run("UPDATE runners SET contacted_at=? WHERE id=?", now, id);
}

void runner_table::clear_contact(std::int64_t id) {
  db_.run("UPDATE runners SET contacted_at=NULL WHERE id=?", id);
}

void runner_table::set_created(std::int64_t id, milliseconds_since_epoch when) {
  db_.run("UPDATE runners SET created_at=? WHERE id=?", when, id);
}

std::optional<runner_record> runner_table::find(std::int64_t id) {
  return first<runner_record>(
      db_.prepare("SELECT " CORUNNER_RUNNER_COLUMNS " FROM runners WHERE id=?", id), read_runner);
}

std::optional<runner_record> runner_table::find_by_token_hash(std::string const& hash) {
  return first<runner_record>(
      db_.prepare("SELECT " CORUNNER_RUNNER_COLUMNS " FROM runners WHERE token_hash=?", hash),
      read_runner);
}

std::vector<runner_record> runner_table::all() {
  return every<runner_record>(
      db_.prepare("SELECT " CORUNNER_RUNNER_COLUMNS " FROM runners ORDER BY id"), read_runner);
}

void runner_table::assign(std::int64_t runner, std::int64_t project, milliseconds_since_epoch now) {
  db_.run("INSERT INTO runner_projects(runner_id, project_id, created_at) VALUES (?,?,?)", runner,
          project, now);
}

bool runner_table::unassign(std::int64_t runner, std::int64_t project) {
  db_.run("DELETE FROM runner_projects WHERE runner_id=? AND project_id=?", runner, project);
  return db_.changes() > 0;
}

std::vector<std::int64_t> runner_table::projects(std::int64_t runner) {
  return read_ids(db_.prepare(
      "SELECT project_id FROM runner_projects WHERE runner_id=? ORDER BY rowid", runner));
}

maybe_time runner_table::assigned_at(std::int64_t runner, std::int64_t project) {
  return first<milliseconds_since_epoch>(
      db_.prepare("SELECT created_at FROM runner_projects WHERE runner_id=? AND project_id=?",
                  runner, project),
      read_id);
}

std::vector<std::int64_t> runner_table::of_projects(std::vector<std::int64_t> const& projects) {
  return read_ids(
      db_.prepare("SELECT DISTINCT runner_id FROM runner_projects "
                  "WHERE project_id IN (SELECT value FROM json_each(?)) ORDER BY 1",
                  to_json_list(projects)));
}

std::vector<std::int64_t> runner_table::of_groups(std::vector<std::int64_t> const& groups) {
  return read_ids(
      db_.prepare("SELECT id FROM runners "
                  "WHERE group_id IN (SELECT value FROM json_each(?)) ORDER BY 1",
                  to_json_list(groups)));
}

std::optional<manager_record> runner_table::find_manager(std::int64_t runner,
                                                         std::string const& system_id) {
  return first<manager_record>(
      db_.prepare("SELECT " CORUNNER_MANAGER_COLUMNS
                  " FROM runner_managers WHERE runner_id=? AND system_id=?",
                  runner, system_id),
      read_manager);
}

std::optional<manager_record> runner_table::find_manager(std::int64_t id) {
  return first<manager_record>(
      db_.prepare("SELECT " CORUNNER_MANAGER_COLUMNS " FROM runner_managers WHERE id=?", id),
      read_manager);
}

std::vector<manager_record> runner_table::managers(std::int64_t runner) {
  return every<manager_record>(
      db_.prepare("SELECT " CORUNNER_MANAGER_COLUMNS
                  " FROM runner_managers WHERE runner_id=? ORDER BY contacted_at DESC, id DESC",
                  runner),
      read_manager);
}

void runner_table::save_manager(manager_record& m) {
  db_.run(
      "INSERT INTO runner_managers(runner_id, system_id, version, revision, platform, architecture, "
      "executor, features, ip_address, created_at, contacted_at, config, labels) "
      "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) "
      "ON CONFLICT(runner_id, system_id) DO UPDATE SET version=excluded.version, "
      "revision=excluded.revision, platform=excluded.platform, architecture=excluded.architecture, "
      "executor=excluded.executor, features=excluded.features, ip_address=excluded.ip_address, "
      "contacted_at=excluded.contacted_at, config=excluded.config, labels=excluded.labels",
      m.runner_id, m.system_id, m.version, m.revision, m.platform, m.architecture, m.executor,
      m.features, m.ip_address, m.created_at, m.contacted_at, m.config, m.labels);
  auto row = db_.prepare("SELECT id FROM runner_managers WHERE runner_id=? AND system_id=?",
                         m.runner_id, m.system_id);
  if (row.next()) m.id = row.integer(0);
}

void runner_table::manager_contacted(std::int64_t id, std::string const& ip,
                                     milliseconds_since_epoch now) {
  db_.run("UPDATE runner_managers SET ip_address=?, contacted_at=? WHERE id=?", ip, now, id);
}

bool runner_table::remove_manager(std::int64_t runner, std::string const& system_id) {
  db_.run("DELETE FROM runner_managers WHERE runner_id=? AND system_id=?", runner, system_id);
  return db_.changes() > 0;
}

void runner_table::remove_managers_before(milliseconds_since_epoch then, std::int64_t most) {
  db_.run("DELETE FROM runner_managers WHERE id IN (SELECT id FROM runner_managers "
          "WHERE contacted_at<=? ORDER BY contacted_at LIMIT ?)",
          then, most);
}

maybe_time runner_table::oldest_manager_contact() {
  auto row = db_.prepare("SELECT min(contacted_at) FROM runner_managers");
  return row.next() ? row.maybe_integer(0) : maybe_time();
}

}  // namespace corunner::coordinator
