#pragma once

#include "runner/coordinator/storage/database.hpp"
#include "runner/coordinator/storage/records.hpp"

namespace corunner::coordinator {

// Projects and the groups they live in.
class project_table {
 public:
  explicit project_table(database& db) : db_(db) {}

  // Makes the project, or updates the one of that path; sets its id. Groups come into being with
  // it.
  void save(project_record& project);
  std::optional<project_record> find(std::int64_t id);
  std::optional<project_record> find(std::string const& path);
  std::vector<project_record> all();
  // Which runners besides its own may take its jobs.
  void allow_runners(std::int64_t id, bool instance_runners, bool group_runners);

  std::optional<std::string> group_path(std::int64_t id);
  std::optional<std::int64_t> find_group(std::string const& path);
  // The group itself and those that it lies in.
  std::vector<std::int64_t> groups_around(std::int64_t id);
  // The group's id; it and those around it are made when missing.
  std::int64_t ensure_group(std::string const& path);

 private:
  database& db_;
};

}  // namespace corunner::coordinator
