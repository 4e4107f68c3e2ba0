#include "runner/coordinator/storage/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace corunner::coordinator {

query::query(database& owner, sqlite3_stmt* statement, std::string_view key)
    : owner_(&owner), statement_(statement), key_(key) {}

query::query(query&& other) noexcept
    : owner_(other.owner_),
      statement_(std::exchange(other.statement_, nullptr)),
      key_(other.key_) {}

query::~query() {
  if (statement_) owner_->give_back(key_, statement_);
}

void query::check(int code) const {
  if (code != SQLITE_OK) owner_->fail(code);
}

bool query::next() {
  int const code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) owner_->fail(code);
  return false;
}

std::vector<std::int64_t> read_ids(query rows) {
  std::vector<std::int64_t> ids;
  while (rows.next()) ids.push_back(rows.integer(0));
  return ids;
}

void query::bind(int place, std::int64_t value) {
  check(sqlite3_bind_int64(statement_, place, value));
}

void query::bind(int place, std::string_view value) {
  // A null pointer would bind NULL, not the empty text.
  char const* const data = value.data() ? value.data() : "";
  check(sqlite3_bind_text64(statement_, place, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void query::bind_null(int place) { check(sqlite3_bind_null(statement_, place)); }

bool query::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double query::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string query::text(int column) const {
  auto const* const data = reinterpret_cast<char const*>(sqlite3_column_text(statement_, column));
  if (!data) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::optional<std::int64_t> query::maybe_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::optional<std::string> query::maybe_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

database::database(std::filesystem::path const& path) : path_(path) {
  std::string const name = path.empty() ? ":memory:" : path.string();
  int const code = sqlite3_open_v2(
      name.c_str(), &handle_,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      nullptr);
  if (code != SQLITE_OK) {
    std::string const why = handle_ ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
    sqlite3_close_v2(std::exchange(handle_, nullptr));
    throw database_error(fmt::format("cannot open database '{}': {}", name, why));
  }
  sqlite3_busy_timeout(handle_, 2000);
  script("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
         "PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=0;");
  sqlite3_wal_hook(
      handle_,
      [](void* self, sqlite3*, char const*, int pages) {
        static_cast<database*>(self)->note_wal(pages);
        return SQLITE_OK;
      },
      this);
}

database::~database() {
  for (auto& [key, statements] : idle_) {
    for (auto* const statement : statements) sqlite3_finalize(statement);
  }
  sqlite3_close_v2(handle_);
}

query database::take(std::string_view sql) {
  auto& idle = idle_[sql];
  if (!idle.empty()) {
    auto* const statement = idle.back();
    idle.pop_back();
    return {*this, statement, sql};
  }
  sqlite3_stmt* statement = nullptr;
  int const code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) fail(code);
  return {*this, statement, sql};
}

void database::give_back(std::string_view key, sqlite3_stmt* statement) {
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  idle_[key].push_back(statement);
}

void database::fail(int code) const {
  throw database_error(fmt::format("database: {} ({})", sqlite3_errmsg(handle_), code));
}

void database::script(std::string const& sql) {
  int const code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

std::int64_t database::last_id() const { return sqlite3_last_insert_rowid(handle_); }

bool database::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

int database::changes() const { return sqlite3_changes(handle_); }

void database::note_wal(int pages) {
  if (pages < wal_pages_) checkpointed_ = 0;
  wal_pages_ = pages;
  if (checkpoint_due() && checkpoint_wanted) checkpoint_wanted();
}

void database::checkpoint_here() {
  script("PRAGMA wal_checkpoint(PASSIVE);");
  checkpoint_started();
}

void database::checkpoint(std::filesystem::path const& path) {
  database own(path);
  own.script("PRAGMA wal_checkpoint(PASSIVE);");
}

transaction::transaction(database& on) : on_(on) {
  if (on_.in_transaction()) return;
  on_.run("BEGIN IMMEDIATE");
  open_ = true;
}

transaction::~transaction() {
  if (!open_) return;
  try {
    on_.run("ROLLBACK");
  } catch (database_error const&) {
    // SQLite rolls back by itself after some failures; then there is nothing left to undo.
  }
}

void transaction::commit() {
  if (!open_) return;
  on_.run("COMMIT");
  open_ = false;
}

}  // namespace corunner::coordinator
