#pragma once

#include "exec/process/control_group.hpp"
#include "exec/process/process.hpp"
#include "exec/process/stray_hunt.hpp"
#include "net/time_source.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace corunner::exec {

// Starts real processes and finds what they left behind.
//
// All processes with one mark share a control group where we may make one, and who is in it cannot
// leave. Everywhere else, and beside that (a login by PAM moves processes to another group), strays
// are found like this: the launcher makes this program the reaper of its orphaned descendants (on
// Linux, for the whole program, as a PID 1 is anyway), so a process that outlives its parent
// becomes our child, whatever process group or session it moved to. One file in /proc names our
// children; those that we did not start are strays, told apart by process group and by the mark in
// their environment. What has neither (it left its group and wiped its environment) ends with the
// last mark that is in use, because nobody else can have started it; but as a PID 1 we adopt
// processes of others too, and only reap those. So nothing in this program may start a process past
// the launcher, or call waitpid(-1).
//
// One per program; outlives its processes. Needs Linux 5.3 (pidfd).
class posix_launcher final : public process_launcher {
 public:
  struct options {
    stray_patience strays;
    // Where control groups can be made; asked once, before the first process with a mark.
    std::function<std::optional<std::filesystem::path>()> find_place = find_control_group_place;
  };

  posix_launcher(asio::any_io_executor executor, net::time_source& time);
  posix_launcher(asio::any_io_executor executor, net::time_source& time, options how);
  ~posix_launcher() override;

  result<std::unique_ptr<process>> launch(process_options const& how) override;
  std::vector<leftover> leftovers_of(std::string const& mark) override;
  awaitable<std::size_t> end_strays(std::string mark) override;

  // Where the control groups of the marks are made; nothing where we may make none.
  std::optional<std::filesystem::path> const& control_groups();

  // The duty of a PID 1, and of any reaper: takes the exit status of adopted processes as they end,
  // so that none stays a zombie until the next job. Sleeps while no child ends; until cancelled.
  awaitable<void> reap_adopted();

 private:
  class stray_finder;
  struct state;
  std::unique_ptr<state> state_;
};

// The variable that carries process_options::mark.
inline constexpr char const* mark_variable = "CORUNNER_JOB_MARK";

}  // namespace corunner::exec
