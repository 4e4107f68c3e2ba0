#pragma once

#include "runner/coordinator/storage/database.hpp"
#include "runner/coordinator/storage/records.hpp"

namespace corunner::coordinator {

// Projects and the groups they live in.
class project_table {
 public:
  explicit project_table(database& db) : db_(db) {}

  // Makes the project, or updates the one of that path; sets its id. Groups come into being with it.
  void save(project_record& project);
  std::optional<project_record> find(std::int64_t id);
  std::optional<project_record> find(std::string const& path);
  std::vector<project_record> all();

  std::optional<std::string> group_path(std::int64_t id);
  std::optional<std::int64_t> find_group(std::string const& path);

 private:
  std::int64_t ensure_group(std::string const& path);
  database& db_;
};

}  // namespace corunner::coordinator
