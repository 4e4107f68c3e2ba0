#pragma once

#include "runner/coordinator/storage/records.hpp"

#include <vector>

namespace corunner::coordinator {

struct context;

// What a user may do with runners and projects (runners-api.md 1.4). The administrator may do all.
class rights {
 public:
  rights(context& in, user_record const& user) : in_(in), user_(user) {}

  bool administers() const { return user_.administrator; }
  bool reads_all() const { return user_.administrator || user_.auditor; }
  bool has_in_project(std::int64_t project, role at_least) const;
  bool has_in_group(std::int64_t group, role at_least) const;
  bool sees_project(std::int64_t project) const;
  // Ids of the projects that the user sees; nothing: all.
  std::optional<std::vector<std::int64_t>> seen_projects() const;

  bool reads(runner_record const& runner) const;       // details and managers
  bool reads_jobs(runner_record const& runner) const;
  bool changes(runner_record const& runner) const;     // update, delete, reset the token
  // Runners that the user may change, ids ascending.
  std::vector<std::int64_t> own_runners() const;

 private:
  bool maintains_any_project_of(runner_record const& runner) const;
  bool maintains_project_below(std::int64_t group) const;

  context& in_;
  user_record const& user_;
};

}  // namespace corunner::coordinator
