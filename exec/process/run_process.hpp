#pragma once

#include "exec/process/kill_ladder.hpp"
#include "exec/process/process.hpp"
#include "net/time_source.hpp"

#include <chrono>
#include <string>

namespace corunner::exec {

struct run_options {
  kill_ladder_options ladder;
  // How long a process that outlives the main one may hold its pipes before the end is called. More
  // than the 2 s that observed jobs let a background process talk on.
  std::chrono::milliseconds drain{3'000};
};

struct run_result {
  enum class kind {
    ended,        // `status` says how
    not_started,  // `message` says why
    lost,         // started, but its end could not be seen: `message`
    canceled,     // stopped because we were cancelled; `status` unless it would not die
  };
  kind how = kind::ended;
  exit_status status;
  std::string message;
  bool cut = false;  // its pipes were still held when the drain time was over
};

// Runs a process to its end: everything it prints goes to `output`, in order per channel.
//
// The end is the end of the main process plus a bounded drain of the pipes, never their EOF alone.
// Cancelling stops the process by the kill ladder and then RETURNS kind::canceled. What `output`
// throws ends the process at once (SIGKILL) and is rethrown. After a cut or a cancel nothing that
// the process started is left; after a usual end silent background processes live on until
// end_strays(). `what` is dropped once the process runs: its input may be large, and it may run
// long.
awaitable<run_result> run_process(process_launcher& launcher, net::time_source& time,
                                  process_options what, output_sink& output,
                                  run_options how = {});

}  // namespace corunner::exec
