#include "runner/coordinator/storage/member_table.hpp"

namespace corunner::coordinator {

namespace {

// The groups that hold the group `here`, itself included, as `around`.
#define CORUNNER_HOLDS \
  "(around.path = here.path OR substr(here.path, 1, length(around.path) + 1) = around.path || '/')"

role read_role(query row) {
  return row.next() ? static_cast<role>(row.integer(0)) : role::none;
}

}  // namespace

void member_table::set_in_group(std::int64_t user, std::int64_t group, role level) {
  db_.run("INSERT INTO members(user_id, group_id, level) VALUES (?,?,?) "
          "ON CONFLICT(user_id, group_id) DO UPDATE SET level=excluded.level",
          user, group, static_cast<std::int64_t>(level));
}

void member_table::set_in_project(std::int64_t user, std::int64_t project, role level) {
  db_.run("INSERT INTO members(user_id, project_id, level) VALUES (?,?,?) "
          "ON CONFLICT(user_id, project_id) DO UPDATE SET level=excluded.level",
          user, project, static_cast<std::int64_t>(level));
}

role member_table::in_group(std::int64_t user, std::int64_t group) {
  return read_role(db_.prepare(
      "SELECT coalesce(max(m.level), 0) FROM groups AS here, groups AS around, members AS m "
      "WHERE here.id=?2 AND m.user_id=?1 AND m.group_id=around.id AND " CORUNNER_HOLDS,
      user, group));
}

role member_table::in_project(std::int64_t user, std::int64_t project) {
  return read_role(db_.prepare(
      "SELECT coalesce(max(level), 0) FROM ("
      "SELECT level FROM members WHERE user_id=?1 AND project_id=?2 UNION ALL "
      "SELECT m.level FROM projects AS p, groups AS here, groups AS around, members AS m "
      "WHERE p.id=?2 AND here.id=p.group_id AND m.user_id=?1 AND m.group_id=around.id AND " CORUNNER_HOLDS
      ")",
      user, project));
}

std::vector<std::int64_t> member_table::groups(std::int64_t user, role at_least) {
  return read_ids(
      db_.prepare("SELECT DISTINCT here.id FROM groups AS here, groups AS around, members AS m "
                  "WHERE m.user_id=?1 AND m.level>=?2 AND m.group_id=around.id AND " CORUNNER_HOLDS
                  " ORDER BY 1",
                  user, static_cast<std::int64_t>(at_least)));
}

std::vector<std::int64_t> member_table::projects(std::int64_t user, role at_least) {
  return read_ids(db_.prepare(
      "SELECT project_id FROM members WHERE user_id=?1 AND level>=?2 AND project_id IS NOT NULL UNION "
      "SELECT p.id FROM projects AS p, groups AS here, groups AS around, members AS m "
      "WHERE here.id=p.group_id AND m.user_id=?1 AND m.level>=?2 AND m.group_id=around.id "
      "AND " CORUNNER_HOLDS " ORDER BY 1",
      user, static_cast<std::int64_t>(at_least)));
}

}  // namespace corunner::coordinator
