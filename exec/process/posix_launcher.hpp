#pragma once

#include "exec/process/process.hpp"
#include "net/time_source.hpp"

#include <chrono>
#include <memory>

namespace corunner::exec {

// Starts real processes by posix_spawn and finds what they left behind.
//
// Strays: the launcher makes this program the reaper of its orphaned descendants (on Linux, for the
// whole program, as a PID 1 is anyway), so a process that outlives its parent becomes our child,
// whatever group or session it moved to. One file in /proc names our children; those that we did
// not start are strays, told apart by process group and by the mark in their environment. What has
// neither (it left its group and wiped its environment) is not killed, only reaped.
// So nothing in this program may start a process past the launcher, or call waitpid(-1).
//
// One per program; outlives its processes. Needs Linux 5.3 (pidfd).
class posix_launcher final : public process_launcher {
 public:
  struct options {
    std::chrono::milliseconds stray_terminate{2'000};  // patience after SIGTERM
    std::chrono::milliseconds stray_kill{5'000};       // and after SIGKILL
  };

  posix_launcher(asio::any_io_executor executor, net::time_source& time);
  posix_launcher(asio::any_io_executor executor, net::time_source& time, options how);
  ~posix_launcher() override;

  result<std::unique_ptr<process>> launch(process_options const& how) override;
  awaitable<std::size_t> end_strays(std::string mark) override;

  // The duty of a PID 1, and of any reaper: takes the exit status of adopted processes as they end, so
  // that none stays a zombie until the next job. Sleeps while no child ends; until cancelled.
  awaitable<void> reap_adopted();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// The variable that carries process_options::mark.
inline constexpr char const* mark_variable = "CORUNNER_JOB_MARK";

}  // namespace corunner::exec
