#pragma once

#include "runner/command/services.hpp"
#include "runner/manager/manager.hpp"

#include <functional>

namespace corunner {

// The word for a stop signal in logs, "terminated", "interrupt" or "quit", as Go programs have it.
char const* stop_signal_name(int signal);

struct stop_watch {
  std::function<void(int signal)> first;  // told the first stop signal, once; may be empty
  std::function<void()> reload;           // empty: there is nothing to reload, which is said
  log_level level = log_level::warning;   // of what is said of the signals
};

// Turns the stop signals of the process into calls of the manager (protocol.md 7.8): QUIT stops
// gracefully, TERM and INT forcefully, any signal after that ends the process with 1. HUP asks
// for a reload, but not once a stop was asked for. USR1 shows what we are at when debugging; USR2
// does nothing.
//
// Runs until it is cancelled.
awaitable<void> watch_stop_signals(services& all, manager& what, stop_watch tell);

}  // namespace corunner
