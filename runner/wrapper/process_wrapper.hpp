#pragma once

#include "exec/process/process.hpp"
#include "net/event.hpp"
#include "net/http_client.hpp"
#include "net/task_group.hpp"
#include "net/time_source.hpp"
#include "runner/observe/log.hpp"
#include "runner/wrapper/wrapped_state.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace corunner {

// How the wrapper itself came to its end, once it was asked to stop.
enum class wrapper_end {
  finished,         // the process has ended
  timed_out,        // it still runs, after SIGTERM and the time that it was given
  cannot_terminate  // it could not be signalled
};

// Runs one process, in a group of its own and printing where we print, on behalf of a supervisor
// who asks how it is and asks for its end. When the process has ended, by itself or not, the
// wrapper stays, to be asked: nobody starts it again.
//
// run() once; the calls of a supervisor at any time while it runs. Logs what happens. run() ends by
// `stop` and is not to be cancelled. A process that has not ended with it is killed by the
// destructor.
class process_wrapper {
 public:
  struct options {
    std::vector<std::string> arguments;              // the first is the program
    std::chrono::nanoseconds
        termination_timeout{};  // between SIGTERM and giving up, at our own end
  };

  process_wrapper(asio::any_io_executor executor, net::time_source& time,
                  exec::process_launcher& launcher, net::http_client& callbacks, logger log,
                  options how);

  // From the start of the process until `stop` is set and the process was ended.
  awaitable<wrapper_end> run(net::event& stop);

  status_answer status() const { return state_.answer(); }
  // Asks the process to finish what it does (QUIT), or to end now (TERM). Why that failed; no error
  // and nothing to do without a process.
  std::optional<std::string> shut_down_gracefully(shutdown_callback callback);
  std::optional<std::string> shut_down_forcefully();
  // Passes a signal on, if there is a process.
  void pass_on(int signal);

  // Of the process; 0 if there is none.
  int pid() const { return process_ ? process_->pid() : 0; }

 private:
  bool start();
  void ended(std::string why);
  awaitable<void> wait_for_end(net::event& stop);
  awaitable<wrapper_end> terminate();
  awaitable<void> call_back(shutdown_callback whom);

  net::time_source& time_;
  exec::process_launcher& launcher_;
  net::http_client& callbacks_;
  logger log_;
  options how_;
  wrapped_state state_;
  std::unique_ptr<exec::process> process_;
  net::task_group tasks_;
};

}  // namespace corunner
