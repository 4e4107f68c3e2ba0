#pragma once

#include "net/asio.hpp"
#include "runner/helper/sealed_text.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// The values that a job asked to mask, kept from one proxy-exec of the job to the next.
//
// Two files in the job's temporary directory: `masking.db`, 32 random bytes and then a line of
// base64 for each value (nonce, ChaCha20-Poly1305 text, tag), and `runner<hex>`, 32 more, where
// <hex> is the SHA-256 of the path of the first. The key is the one XOR the other, so that neither
// file alone, nor a search of the disk for the value, tells it; who may read both may read the
// values. The format is ours; names and sizes are what GitLab's helper leaves (helper.md 11). Any
// number of processes use one store at once: who writes has the lock of the database, and a line
// that nobody can read (torn by a crash) is skipped. A database that was removed, as stages do
// between jobs, begins anew with the next value.
class mask_store {
 public:
  struct options {
    std::filesystem::path directory;  // made when it is missing
    bool for_all_users = false;       // another user of the container must be able to write, too
  };

  explicit mask_store(options how);

  // Makes the files where they are missing, and reads what is there.
  error_code open();
  // Keeps one more value for later processes.
  error_code add(std::string_view value);
  // The values that others have stored since the last call (with the first: all). Cheap when there
  // are none.
  std::vector<std::string> news();

 private:
  struct locked_file;
  struct stamp {  // tells whether the database has changed
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t changed = 0;  // nanoseconds
    bool operator==(stamp const&) const = default;
  };

  error_code begin(locked_file const& database);
  error_code read_key(locked_file const& database);
  void take_key(seal_key const& key);

  options how_;
  std::filesystem::path database_;
  std::filesystem::path key_file_;
  std::optional<seal_key> key_;
  std::int64_t read_ = 0;  // how far the database of that key was read, in bytes
  stamp seen_;
};

}  // namespace corunner
