#pragma once

#include "runner/command/command.hpp"
#include "runner/command/runners/operation.hpp"

#include <memory>

namespace corunner {

// One command of `corunner runners`. `what` outlives it.
std::unique_ptr<command> make_runners_command(services& all, operation const& what);

// Exit codes of `corunner runners`.
enum class runners_exit {
  done = 0,
  refused = 1,      // wrong usage, or the server does not want it so
  not_allowed = 2,  // 401, 403
  not_found = 3,    // 404, 410
  unavailable = 4,  // no answer, 429, 5xx: may work later
};

}  // namespace corunner
