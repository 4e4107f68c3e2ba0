#pragma once

#include "config/config.hpp"
#include "runner/command/questions.hpp"
#include "runner/observe/log.hpp"

namespace corunner {

// Asks for the executor of a new entry and for what that executor needs, and leaves in the entry
// only what belongs to it (cli.md 6.4). Throws no_answer.
awaitable<void> complete_executor(questions& ask, logger log, config::runner_entry& entry);

}  // namespace corunner
