#pragma once

#include "exec/archive/safe_tree.hpp"
#include "net/asio.hpp"
#include "net/blocking_pool.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace corunner {

// A temporary file of its own, "artifacts" and a number in `directory`, gone with the object.
class staged_file {
 public:
  // Check ok(); failure() says why it could not be made.
  explicit staged_file(std::string const& directory);
  ~staged_file();
  staged_file(staged_file const&) = delete;
  staged_file& operator=(staged_file const&) = delete;

  bool ok() const { return static_cast<bool>(descriptor_); }
  std::string const& path() const { return path_; }
  std::string const& failure() const { return failure_; }

  // Writes at `offset`, on the pool; why not, or nothing. `bytes` live until then.
  awaitable<std::string> write(net::blocking_pool& pool, std::uint64_t offset,
                               std::string_view bytes);
  // Empties it for another try; why not, or nothing.
  std::string clear();

 private:
  std::string path_;
  std::string failure_;
  exec::owned_descriptor descriptor_;
};

}  // namespace corunner
