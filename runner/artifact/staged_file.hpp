#pragma once

#include "exec/archive/safe_tree.hpp"
#include "net/asio.hpp"
#include "net/blocking_pool.hpp"
#include "net/time_source.hpp"

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace corunner {

// What a staged file is called, and whether it is there for others while it grows.
struct staged_name {
  std::string prefix = "artifacts";  // a number comes behind it
  mode_t mode = 0600;                // less the umask
  // It has no name before publish() where the file system can do that, so that nothing of it stays
  // even when this process is killed.
  bool hidden = false;
};

// A temporary file of its own in `directory`, gone with the object unless it was published.
class staged_file {
 public:
  // Check ok(); failure() says why it could not be made.
  explicit staged_file(std::string const& directory, staged_name name = {});
  ~staged_file();
  staged_file(staged_file const&) = delete;
  staged_file& operator=(staged_file const&) = delete;

  bool ok() const { return static_cast<bool>(descriptor_); }
  // By which this process can open it, while the object lives.
  std::string path() const;
  std::string const& failure() const { return failure_; }

  // Writes at `offset`, on the pool; why not, or nothing. `bytes` live until then.
  awaitable<std::string> write(net::blocking_pool& pool, std::uint64_t offset,
                               std::string_view bytes);
  // Empties it for another try; why not, or nothing.
  std::string clear();
  // Sets the time of its last change; why not, or nothing.
  std::string set_modified(net::time_source::wall_time when);
  // Gives it that path in one step, in place of what is there; why not, or nothing. The directory
  // of `target` is the one it was made in.
  std::string publish(std::string const& target);

 private:
  bool open_hidden(std::string const& directory, mode_t mode);
  void open_named(std::string const& directory, staged_name const& name);
  std::string link_somewhere();

  std::string path_;  // once named_; else what it will be called on its way
  std::string failure_;
  bool named_ = false;
  exec::owned_descriptor descriptor_;
};

}  // namespace corunner
