#pragma once

#include "runner/coordinator/storage/database.hpp"
#include "runner/coordinator/storage/records.hpp"

#include <vector>

namespace corunner::coordinator {

// Who is a member of which group or project. A user's role somewhere is the highest of those that
// were given there and in the groups around it.
class member_table {
 public:
  explicit member_table(database& db) : db_(db) {}

  void set_in_group(std::int64_t user, std::int64_t group, role level);
  void set_in_project(std::int64_t user, std::int64_t project, role level);

  role in_group(std::int64_t user, std::int64_t group);
  role in_project(std::int64_t user, std::int64_t project);
  // Where the user has that role or a higher one; ascending ids.
  std::vector<std::int64_t> groups(std::int64_t user, role at_least);
  std::vector<std::int64_t> projects(std::int64_t user, role at_least);

 private:
  database& db_;
};

}  // namespace corunner::coordinator
