#include "runner/coordinator/storage/artifact_table.hpp"

namespace corunner::coordinator {

namespace {

#define CORUNNER_ARTIFACT_COLUMNS \
  "id, job_id, type, format, filename, path, size, sha256, created_at, expire_at"

artifact_record read_artifact(query const& row) {
  return {row.integer(0), row.integer(1), row.text(2),    row.text(3),    row.text(4),
          row.text(5),    row.integer(6), row.text(7), row.integer(8), row.maybe_integer(9)};
}

}  // namespace

void artifact_table::add(artifact_record& a) {
  db_.run(
      "INSERT INTO job_artifacts(job_id, type, format, filename, path, size, sha256, created_at, "
      "expire_at) VALUES (?,?,?,?,?,?,?,?,?)",
      a.job_id, a.type, a.format, a.filename, a.path, a.size, a.sha256, a.created_at, a.expire_at);
  a.id = db_.last_id();
}

std::optional<artifact_record> artifact_table::find(std::int64_t job, std::string const& type) {
  auto row = db_.prepare("SELECT " CORUNNER_ARTIFACT_COLUMNS
                         " FROM job_artifacts WHERE job_id=? AND type=?",
                         job, type);
  if (!row.next()) return std::nullopt;
  return read_artifact(row);
}

std::vector<artifact_record> artifact_table::of_job(std::int64_t job) {
  std::vector<artifact_record> all;
  auto rows = db_.prepare(
      "SELECT " CORUNNER_ARTIFACT_COLUMNS " FROM job_artifacts WHERE job_id=? ORDER BY id", job);
  while (rows.next()) all.push_back(read_artifact(rows));
  return all;
}

void artifact_table::remove_of_job(std::int64_t job) {
  db_.run("DELETE FROM job_artifacts WHERE job_id=?", job);
}

}  // namespace corunner::coordinator
