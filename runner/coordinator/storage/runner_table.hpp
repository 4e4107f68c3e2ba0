#pragma once

#include "runner/coordinator/storage/database.hpp"
#include "runner/coordinator/storage/records.hpp"

namespace corunner::coordinator {

// Runners, their managers, and which projects they serve.
class runner_table {
 public:
  explicit runner_table(database& db) : db_(db) {}

  // Stores a new one; sets its id.
  void add(runner_record& runner);
  void update(runner_record const& runner);
  void remove(std::int64_t id);
  void contacted(std::int64_t id, milliseconds_since_epoch now);
  void clear_contact(std::int64_t id);
  void set_created(std::int64_t id, milliseconds_since_epoch when);

  std::optional<runner_record> find(std::int64_t id);
  std::optional<runner_record> find_by_token_hash(std::string const& hash);
  std::vector<runner_record> all();  // ascending id

  void assign(std::int64_t runner, std::int64_t project, milliseconds_since_epoch now);
  bool unassign(std::int64_t runner, std::int64_t project);
  std::vector<std::int64_t> projects(std::int64_t runner);  // the owner first
  maybe_time assigned_at(std::int64_t runner, std::int64_t project);
  // Runners of these projects, and of these groups; ascending ids.
  std::vector<std::int64_t> of_projects(std::vector<std::int64_t> const& projects);
  std::vector<std::int64_t> of_groups(std::vector<std::int64_t> const& groups);

  std::optional<manager_record> find_manager(std::int64_t runner, std::string const& system_id);
  std::optional<manager_record> find_manager(std::int64_t id);
  std::vector<manager_record> managers(std::int64_t runner);  // newest contact first
  // Inserts or updates by (runner, system id); sets the id.
  void save_manager(manager_record& manager);
  void manager_contacted(std::int64_t id, std::string const& ip, milliseconds_since_epoch now);
  bool remove_manager(std::int64_t runner, std::string const& system_id);
  // Forgets managers that were not heard of since then, at most so many; when the next one is due
  // is told by the oldest contact.
  void remove_managers_before(milliseconds_since_epoch then, std::int64_t most);
  maybe_time oldest_manager_contact();

 private:
  database& db_;
};

}  // namespace corunner::coordinator
