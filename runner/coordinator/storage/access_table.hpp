#pragma once

#include "runner/coordinator/storage/database.hpp"
#include "runner/coordinator/storage/records.hpp"

namespace corunner::coordinator {

// Users, their access tokens, and the instance's settings (key and value).
class access_table {
 public:
  explicit access_table(database& db) : db_(db) {}

  std::int64_t add_user(user_record const& who);
  std::optional<user_record> find_user(std::int64_t id);
  std::optional<user_record> find_user(std::string const& username);
  // Users there are.
  std::int64_t count_users();

  void add_token(std::int64_t user, std::string const& hash, std::string const& name,
                 std::string const& scopes, maybe_time expires_at = {});
  std::optional<access_token_record> find_token(std::string const& hash);
  void revoke_token(std::string const& hash);

  std::optional<std::string> setting(std::string const& key);
  void set_setting(std::string const& key, std::string const& value);

 private:
  database& db_;
};

}  // namespace corunner::coordinator
