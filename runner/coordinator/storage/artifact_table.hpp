#pragma once

#include "runner/coordinator/storage/database.hpp"
#include "runner/coordinator/storage/records.hpp"

namespace corunner::coordinator {

// What jobs uploaded: at most one file of each type per job; the bytes lie in the state directory.
class artifact_table {
 public:
  explicit artifact_table(database& db) : db_(db) {}

  void add(artifact_record& artifact);  // sets its id
  std::optional<artifact_record> find(std::int64_t job, std::string const& type);
  std::vector<artifact_record> of_job(std::int64_t job);
  void remove_of_job(std::int64_t job);

 private:
  database& db_;
};

}  // namespace corunner::coordinator
