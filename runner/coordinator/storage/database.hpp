#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace corunner::coordinator {

// The database cannot do what it must (full disk, damaged file, a broken statement).
class database_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class database;

// A prepared statement in use: parameters are bound, rows are read, and when it goes the statement
// returns to the database's cache.
class query {
 public:
  query(query&& other) noexcept;
  query(query const&) = delete;
  ~query();

  // To the next row; false after the last one.
  bool next();
  // Runs a statement that has no rows to read.
  void run() { while (next()) {} }

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  bool flag(int column) const { return integer(column) != 0; }
  std::optional<std::int64_t> maybe_integer(int column) const;
  std::optional<std::string> maybe_text(int column) const;

 private:
  friend class database;
  query(database& owner, sqlite3_stmt* statement, std::string_view key);

  void bind(int place, std::int64_t value);
  void bind(int place, std::string_view value);
  void bind_null(int place);
  template <class T>
  void bind_any(int place, T const& value) {
    if constexpr (std::is_integral_v<T>) {
      bind(place, static_cast<std::int64_t>(value));
    } else {
      bind(place, std::string_view(value));
    }
  }
  template <class T>
  void bind_any(int place, std::optional<T> const& value) {
    if (!value) return bind_null(place);
    bind_any(place, *value);
  }
  void check(int code) const;

  database* owner_;
  sqlite3_stmt* statement_;
  std::string_view key_;
};

// The first column of all rows.
std::vector<std::int64_t> read_ids(query rows);

// One SQLite connection with a cache of prepared statements.
//
// WAL, foreign keys on, synchronous=NORMAL: a commit writes to the page cache and does not sync, so
// the small transactions of this folder may run on the loop. The WAL is not moved into the database
// by commits (that does sync): checkpoint_wanted is called when checkpoint() should run on a pool.
// Failures throw database_error.
class database {
 public:
  // An empty path: in memory.
  explicit database(std::filesystem::path const& path);
  ~database();
  database(database const&) = delete;
  database& operator=(database const&) = delete;

  // `sql` is a literal: the cache refers to its characters.
  template <class... Args>
  query prepare(std::string_view sql, Args const&... arguments) {
    query made = take(sql);
    int place = 0;
    (made.bind_any(++place, arguments), ...);
    return made;
  }
  template <class... Args>
  void run(std::string_view sql, Args const&... arguments) {
    prepare(sql, arguments...).run();
  }
  // Several statements, no parameters, not cached.
  void script(std::string const& sql);

  std::int64_t last_id() const;
  // Rows that the last statement changed.
  int changes() const;
  bool in_transaction() const;

  // Called by the commit that makes a checkpoint due, and by those after it.
  std::function<void()> checkpoint_wanted;
  // The WAL has grown enough since the last one.
  bool checkpoint_due() const { return wal_pages_ >= checkpointed_ + 1000; }
  void checkpoint_started() { checkpointed_ = wal_pages_; }
  // It grows on although checkpoints are made: who writes all the time leaves them no end to reach.
  bool wal_too_long() const { return wal_pages_ >= 8000; }
  // Moves what is left of it here and now, so that the next commit begins it anew.
  void checkpoint_here();
  std::filesystem::path const& path() const { return path_; }
  // Moves the WAL into the database at `path` over a connection of its own; for a pool.
  static void checkpoint(std::filesystem::path const& path);

 private:
  friend class query;
  query take(std::string_view sql);
  void give_back(std::string_view key, sqlite3_stmt* statement);
  void note_wal(int pages);
  [[noreturn]] void fail(int code) const;

  std::filesystem::path path_;
  sqlite3* handle_ = nullptr;
  std::unordered_map<std::string_view, std::vector<sqlite3_stmt*>> idle_;
  int wal_pages_ = 0;
  int checkpointed_ = 0;  // pages when the last checkpoint began; none of a WAL that began anew
};

// All or nothing: rolled back unless commit() was called. One inside another is part of the outer.
class transaction {
 public:
  explicit transaction(database& on);
  ~transaction();
  transaction(transaction const&) = delete;
  void commit();

 private:
  database& on_;
  bool open_ = false;
};

}  // namespace corunner::coordinator
