#pragma once

#include "exec/leftover.hpp"
#include "exec/output_sink.hpp"
#include "exec/process/exit_status.hpp"
#include "net/asio.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace corunner::exec {

struct process_options {
  std::vector<std::string> arguments;  // the first is looked up in our PATH
  std::filesystem::path directory;     // empty: where we are
  // On top of our own environment; a later entry of a name wins.
  std::vector<std::pair<std::string, std::string>> environment;
  std::optional<std::string> input;    // what it reads from stdin; none: /dev/null
  // It reads our own stdin and is in our process group, so that it ends with whoever ends us.
  // signal_group() reaches the process alone then.
  bool shares_input_and_group = false;
  // It prints where we do: there is nothing to pump.
  bool shares_output = false;
  // Goes to the environment of the process and of all it starts, and is how those are found again
  // (process_launcher::end_strays). Empty: the process leaves no strays that anybody looks for.
  std::string mark;
};

// A child process: leader of a process group of its own (unless it shares ours), with a pipe each
// for what it prints.
//
// Its owner calls pump() for both channels and wait(), at once, each one time. The destructor kills
// the group if the process is alive, and reaps it. Most want run_process() instead.
class process {
 public:
  virtual ~process() = default;

  virtual int pid() const = 0;

  // Hands to `output` what comes from one channel, until nobody holds the other end any more.
  // operation_aborted when cancelled. Throws only what `output` throws.
  virtual awaitable<error_code> pump(channel which, output_sink& output) = 0;
  // pump() ends when the pipe holds nothing at the moment.
  virtual void stop_pumping() = 0;

  // Until the process itself has ended, whatever it left behind; operation_aborted when cancelled,
  // and may then be called again. The group can be signalled until the object is gone.
  virtual awaitable<result<exit_status>> wait() = 0;

  // To everybody in the process group.
  virtual error_code signal_group(int signal) = 0;
  // To the process alone: what it started in its group is its own business.
  virtual error_code signal_alone(int signal) { return signal_group(signal); }
  // SIGTERM to those of the group whom the one of signal_group() missed because they were just
  // coming.
  virtual void terminate_newcomers() {}
};

// Starts processes. The program uses posix_launcher, a simulated world its own.
class process_launcher {
 public:
  virtual ~process_launcher() = default;

  virtual result<std::unique_ptr<process>> launch(process_options const& how) = 0;

  // What somebody has to remove when we do not live to call end_strays(): to be noted before the
  // first process with this mark is launched.
  virtual std::vector<leftover> leftovers_of(std::string const& mark) {
    return {{leftover::kind::processes, mark}};
  }

  // Ends (TERM, wait, KILL) what processes launched with this mark left behind, also what moved to
  // a session of its own. Returns how many there were. Not to be called while one of them runs.
  // Bounded in time; a cancel does not stop it.
  virtual awaitable<std::size_t> end_strays(std::string mark) = 0;
};

}  // namespace corunner::exec
