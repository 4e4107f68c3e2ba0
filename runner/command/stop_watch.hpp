#pragma once

#include "runner/command/services.hpp"
#include "runner/manager/manager.hpp"

#include <functional>

namespace corunner {

// Turns the stop signals of the process into calls of the manager (protocol.md 7.8): QUIT stops
// gracefully, TERM and INT forcefully, any signal after that ends the process with 1. HUP asks for a
// reload, which this program does by a restart: it says so.
//
// Runs until it is cancelled. `first` is told the first stop signal, once.
awaitable<void> watch_stop_signals(services& all, manager& what, std::function<void(int)> first);

}  // namespace corunner
