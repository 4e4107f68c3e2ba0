#include "runner/coordinator/storage/project_table.hpp"

namespace corunner::coordinator {

namespace {

#define CORUNNER_PROJECT_COLUMNS \
  "id, path, group_id, repository, default_branch, created_at, instance_runners, group_runners"

project_record read_project(query const& row) {
  return {row.integer(0), row.text(1), row.integer(2), row.text(3), row.text(4), row.integer(5),
          row.flag(6),    row.flag(7)};
}

}  // namespace

std::int64_t project_table::ensure_group(std::string const& path) {
  if (auto const known = find_group(path)) return *known;
  auto const slash = path.rfind('/');
  if (slash != std::string::npos) ensure_group(path.substr(0, slash));
  db_.run("INSERT INTO groups(path) VALUES (?)", path);
  return db_.last_id();
}

void project_table::save(project_record& p) {
  transaction both(db_);
  auto const slash = p.path.rfind('/');
  p.group_id =
      ensure_group(slash == std::string::npos ? std::string("local") : p.path.substr(0, slash));
  db_.run(
      "INSERT INTO projects(path, group_id, repository, default_branch, created_at) VALUES (?,?,?,?,?) "
      "ON CONFLICT(path) DO UPDATE SET repository=excluded.repository, "
      "default_branch=excluded.default_branch",
      p.path, p.group_id, p.repository, p.default_branch, p.created_at);
  both.commit();
  p = *find(p.path);
}

std::optional<project_record> project_table::find(std::int64_t id) {
  auto row = db_.prepare("SELECT " CORUNNER_PROJECT_COLUMNS " FROM projects WHERE id=?", id);
  if (!row.next()) return std::nullopt;
  return read_project(row);
}

std::optional<project_record> project_table::find(std::string const& path) {
  auto row = db_.prepare("SELECT " CORUNNER_PROJECT_COLUMNS " FROM projects WHERE path=?", path);
  if (!row.next()) return std::nullopt;
  return read_project(row);
}

std::vector<project_record> project_table::all() {
  std::vector<project_record> list;
  auto rows = db_.prepare("SELECT " CORUNNER_PROJECT_COLUMNS " FROM projects ORDER BY id");
  while (rows.next()) list.push_back(read_project(rows));
  return list;
}

void project_table::allow_runners(std::int64_t id, bool instance_runners, bool group_runners) {
  db_.run("UPDATE projects SET instance_runners=?, group_runners=? WHERE id=?", instance_runners,
          group_runners, id);
}

std::optional<std::string> project_table::group_path(std::int64_t id) {
  auto row = db_.prepare("SELECT path FROM groups WHERE id=?", id);
  if (!row.next()) return std::nullopt;
  return row.text(0);
}

std::vector<std::int64_t> project_table::groups_around(std::int64_t id) {
  return read_ids(db_.prepare(
      "SELECT around.id FROM groups AS here, groups AS around WHERE here.id=? AND (around.path = here.path "
      "OR substr(here.path, 1, length(around.path) + 1) = around.path || '/') ORDER BY 1",
      id));
}

std::optional<std::int64_t> project_table::find_group(std::string const& path) {
  auto row = db_.prepare("SELECT id FROM groups WHERE path=?", path);
  if (!row.next()) return std::nullopt;
  return row.integer(0);
}

}  // namespace corunner::coordinator
