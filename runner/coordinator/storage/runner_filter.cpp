#include "runner/coordinator/storage/runner_filter.hpp"

#include "runner/coordinator/storage/json_list.hpp"

namespace corunner::coordinator {

namespace {

// One statement for every list, so that it is prepared once; what is NULL does not filter.
#define CORUNNER_WANTED_RUNNERS                                                             \
  " FROM runners AS r WHERE (?1 IS NULL OR r.id IN (SELECT value FROM json_each(?1))"       \
  "   OR (?12 AND r.type = 'instance_type'))"                                               \
  " AND (?2 IS NULL OR r.type = ?2)"                                                        \
  " AND (?3 IS NULL OR (r.type = 'instance_type') = ?3)"                                    \
  " AND (?4 IS NULL OR r.active = ?4)"                                                      \
  " AND NOT EXISTS (SELECT 1 FROM json_each(?5) AS tag"                                     \
  "   WHERE tag.value NOT IN (SELECT value FROM json_each(r.tags)))"                        \
  " AND (?6 IS NULL OR EXISTS (SELECT 1 FROM runner_managers AS m WHERE m.runner_id = r.id" \
  "   AND (m.version = ?6 OR m.version GLOB ?6 || '[.~-]*')))"                              \
  " AND (?7 IS NULL OR r.contacted_at > ?7)"                                                \
  " AND (?8 IS NULL OR r.contacted_at <= ?8)"                                               \
  " AND (?9 = 0 OR r.contacted_at IS NULL)"                                                 \
  " AND (?10 IS NULL OR (r.created_at <= ?10 AND coalesce(r.contacted_at, 0) <= ?10))"      \
  " AND ?11 = 0"

template <class... More>
query prepare(database& db, std::string_view sql, runner_filter const& f, More const&... more) {
  std::optional<std::string> among;
  if (f.among) among = to_json_list(*f.among);
  return db.prepare(sql, among, f.type, f.instance, f.active, to_json_list(f.tags), f.version,
                    f.contacted_after, f.contacted_until, f.never_contacted, f.stale_since,
                    f.nothing, f.or_instance, more...);
}

}  // namespace

std::int64_t count_runners(database& db, runner_filter const& wanted) {
  auto row = prepare(db, "SELECT count(*)" CORUNNER_WANTED_RUNNERS, wanted);
  return row.next() ? row.integer(0) : 0;
}

std::vector<std::int64_t> find_runners(database& db, runner_filter const& wanted,
                                       std::int64_t limit, std::int64_t offset) {
  return read_ids(
      prepare(db, "SELECT r.id" CORUNNER_WANTED_RUNNERS " ORDER BY r.id LIMIT ?13 OFFSET ?14",
              wanted, limit, offset));
}

}  // namespace corunner::coordinator
