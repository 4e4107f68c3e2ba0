#pragma once

#include "exec/process/process.hpp"
#include "net/asio.hpp"

#include <utility>

namespace corunner::exec {

// A file descriptor that is closed with its owner.
class owned_fd {
 public:
  owned_fd() = default;
  explicit owned_fd(int fd) : fd_(fd) {}
  owned_fd(owned_fd&& other) noexcept : fd_(other.release()) {}
  owned_fd& operator=(owned_fd&& other) noexcept;
  ~owned_fd();

  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// A process that has just been started. `out` and `err` are non-blocking read ends of its pipes
// (none when it shares ours), `end` becomes readable when it has ended.
struct spawned {
  int pid = 0;
  bool leads_group = true;
  owned_fd out;
  owned_fd err;
  owned_fd end;
};

// Starts it in a process group of its own or in ours, and in the control group whose open directory
// is given (or none). The input is a memory file, which a shell reads in blocks (a pipe it reads
// byte by byte), which needs no feeding and cannot run full.
result<spawned> spawn(process_options const& how, char const* mark_name,
                      owned_fd control_group = {});

}  // namespace corunner::exec
