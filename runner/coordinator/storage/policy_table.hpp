#pragma once

#include "runner/coordinator/storage/database.hpp"
#include "runner/coordinator/storage/records.hpp"

#include <optional>
#include <string>

namespace corunner::coordinator {

// What groups and projects decide about the runners that are made in them: their registration
// tokens (hashed), whether these are allowed, and how long tokens of runners live.
class policy_table {
 public:
  enum class holder { group, project };

  explicit policy_table(database& db) : db_(db) {}

  runner_policy of(holder kind, std::int64_t id);
  void set(holder kind, std::int64_t id, runner_policy const& policy);

  void set_registration_token(holder kind, std::int64_t id, std::string const& hash);
  // Whose registration token this is.
  std::optional<std::int64_t> find_by_registration_token(holder kind, std::string const& hash);

  // The shortest lifetime that the group and those around it name, in milliseconds.
  std::optional<std::int64_t> shortest_lifetime_in_group(std::int64_t group);

 private:
  database& db_;
};

}  // namespace corunner::coordinator
