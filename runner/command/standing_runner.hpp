#pragma once

#include "config/config.hpp"
#include "runner/command/runner_calls.hpp"
#include "runner/observe/log.hpp"

#include <string>
#include <vector>

namespace corunner {

// What `register --ensure` finds before it does anything.
struct standing_runner {
  bool stands = false;  // there is one, GitLab knows it: nothing is to be done
  std::string trouble;  // GitLab gave no clear answer: nothing may be done
};

// Looks among `runners` for those of the URL of `wanted` and its name or token, and has them
// verified. Those that GitLab does not know any more are taken out of `runners`: the new one comes
// in their place.
awaitable<standing_runner> find_standing(runner_calls& calls, logger const& log,
                                         config::runner_entry const& wanted,
                                         std::vector<config::runner_entry>& runners);

// Says which limits of a new entry are above that of the whole file.
void warn_of_limits(logger const& log, config::runner_entry const& entry, std::int64_t concurrent);

}  // namespace corunner
