#include "runner/coordinator/storage/policy_table.hpp"

namespace corunner::coordinator {

runner_policy policy_table::of(holder kind, std::int64_t id) {
  auto row = db_.prepare(
      kind == holder::group
          ? "SELECT registration_allowed, runner_token_lifetime FROM groups WHERE id=?"
          : "SELECT registration_allowed, runner_token_lifetime FROM projects WHERE id=?",
      id);
  if (!row.next()) return {};
  return {row.flag(0), row.maybe_integer(1)};
}

void policy_table::set(holder kind, std::int64_t id, runner_policy const& policy) {
  db_.run(kind == holder::group
              ? "UPDATE groups SET registration_allowed=?, runner_token_lifetime=? WHERE id=?"
              : "UPDATE projects SET registration_allowed=?, runner_token_lifetime=? WHERE id=?",
          policy.registration_allowed, policy.lifetime, id);
}

void policy_table::set_registration_token(holder kind, std::int64_t id, std::string const& hash) {
  db_.run(kind == holder::group ? "UPDATE groups SET registration_token_hash=? WHERE id=?"
                                : "UPDATE projects SET registration_token_hash=? WHERE id=?",
          hash, id);
}

std::optional<std::int64_t> policy_table::find_by_registration_token(holder kind,
                                                                     std::string const& hash) {
  auto row = db_.prepare(kind == holder::group
                             ? "SELECT id FROM groups WHERE registration_token_hash=?"
                             : "SELECT id FROM projects WHERE registration_token_hash=?",
                         hash);
  if (!row.next()) return std::nullopt;
  return row.integer(0);
}

std::optional<std::int64_t> policy_table::shortest_lifetime_in_group(std::int64_t group) {
  auto row = db_.prepare(
      "SELECT min(around.runner_token_lifetime) FROM groups AS here, groups AS around WHERE here.id=? "
      "AND (around.path = here.path OR "
      "substr(here.path, 1, length(around.path) + 1) = around.path || '/')",
      group);
  if (!row.next()) return std::nullopt;
  return row.maybe_integer(0);
}

}  // namespace corunner::coordinator
