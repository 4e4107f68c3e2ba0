#include "runner/coordinator/storage/access_table.hpp"

namespace corunner::coordinator {

namespace {

#define CORUNNER_USER_COLUMNS "id, username, name, email, administrator, created_at, auditor"

std::optional<user_record> read_user(query row) {
  if (!row.next()) return std::nullopt;
  return user_record{row.integer(0), row.text(1),    row.text(2), row.text(3),
                     row.flag(4),    row.integer(5), row.flag(6)};
}

}  // namespace

std::int64_t access_table::add_user(user_record const& who) {
  db_.run("INSERT INTO users(username, name, email, administrator, created_at, auditor) "
          "VALUES (?,?,?,?,?,?)",
          who.username, who.name, who.email, who.administrator, who.created_at, who.auditor);
  return db_.last_id();
}

std::optional<user_record> access_table::find_user(std::int64_t id) {
  return read_user(db_.prepare("SELECT " CORUNNER_USER_COLUMNS " FROM users WHERE id=?", id));
}

std::optional<user_record> access_table::find_user(std::string const& username) {
  return read_user(
      db_.prepare("SELECT " CORUNNER_USER_COLUMNS " FROM users WHERE username=?", username));
}

std::int64_t access_table::count_users() {
  auto row = db_.prepare("SELECT count(*) FROM users");
  row.next();
  return row.integer(0);
}

void access_table::add_token(std::int64_t user, std::string const& hash, std::string const& name,
                             std::string const& scopes, maybe_time expires_at) {
  db_.run("INSERT INTO access_tokens(user_id, hash, name, scopes, expires_at) VALUES (?,?,?,?,?)",
          user, hash, name, scopes, expires_at);
}

std::optional<access_token_record> access_table::find_token(std::string const& hash) {
  auto row = db_.prepare(
      "SELECT user_id, scopes, expires_at, revoked FROM access_tokens WHERE hash=?", hash);
  if (!row.next()) return std::nullopt;
  return access_token_record{row.integer(0), row.text(1), row.maybe_integer(2), row.flag(3)};
}

void access_table::revoke_token(std::string const& hash) {
  db_.run("UPDATE access_tokens SET revoked=1 WHERE hash=?", hash);
}

std::optional<std::string> access_table::setting(std::string const& key) {
  auto row = db_.prepare("SELECT value FROM settings WHERE key=?", key);
  if (!row.next()) return std::nullopt;
  return row.text(0);
}

void access_table::set_setting(std::string const& key, std::string const& value) {
  db_.run(
      "INSERT INTO settings(key, value) VALUES (?,?) ON CONFLICT(key) DO UPDATE SET value=excluded.value",
      key, value);
}

}  // namespace corunner::coordinator
