#pragma once

#include "runner/coordinator/storage/access_table.hpp"
#include "runner/coordinator/storage/artifact_table.hpp"
#include "runner/coordinator/storage/database.hpp"
#include "runner/coordinator/storage/job_table.hpp"
#include "runner/coordinator/storage/member_table.hpp"
#include "runner/coordinator/storage/policy_table.hpp"
#include "runner/coordinator/storage/project_table.hpp"
#include "runner/coordinator/storage/runner_table.hpp"
#include "runner/coordinator/storage/schema.hpp"

namespace corunner::coordinator {

// The database with all its tables, at the newest layout.
struct store {
  // An empty path: in memory.
  explicit store(std::filesystem::path const& path) : db(path) { migrate(db); }

  database db;
  access_table access{db};
  member_table members{db};
  policy_table policies{db};
  runner_table runners{db};
  project_table projects{db};
  job_table jobs{db};
  artifact_table artifacts{db};
};

}  // namespace corunner::coordinator
