#include "runner/coordinator/storage/job_filter.hpp"

#include "runner/coordinator/storage/json_list.hpp"

namespace corunner::coordinator {

namespace {

#define CORUNNER_WANTED_JOBS                                                        \
  " FROM jobs WHERE runner_id = ?1 AND (?2 IS NULL OR status = ?2)"                 \
  " AND (?3 IS NULL OR manager_id = ?3)"                                            \
  " AND (?4 IS NULL OR project_id IN (SELECT value FROM json_each(?4)))"            \
  " AND (?5 IS NULL OR id < ?5)"

template <class... More>
query prepare(database& db, std::string_view sql, job_filter const& f, More const&... more) {
  std::optional<std::string> projects;
  if (f.projects) projects = to_json_list(*f.projects);
  return db.prepare(sql, f.runner, f.status, f.manager, projects, f.before, more...);
}

}  // namespace

std::int64_t count_jobs(database& db, job_filter const& wanted) {
  auto row = prepare(db, "SELECT count(*)" CORUNNER_WANTED_JOBS, wanted);
  return row.next() ? row.integer(0) : 0;
}

std::vector<std::int64_t> find_jobs(database& db, job_filter const& wanted, std::int64_t limit,
                                    std::int64_t offset) {
  return read_ids(
      wanted.newest_first
          ? prepare(db, "SELECT id" CORUNNER_WANTED_JOBS " ORDER BY id DESC LIMIT ?6 OFFSET ?7",
                    wanted, limit, offset)
          : prepare(db, "SELECT id" CORUNNER_WANTED_JOBS " ORDER BY id LIMIT ?6 OFFSET ?7", wanted,
                    limit, offset));
}

}  // namespace corunner::coordinator
