#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace corunner::simulation {

// What came of one seed: empty when every invariant held.
struct verdict {
  std::vector<std::string> breaches;
  std::size_t jobs = 0;
  std::size_t steps = 0;
};

// Runs the manager, its jobs on dummy executors and a GitLab in memory on manual time, with faults,
// cancellations, edits of config.toml and deaths of our own process (which starts again on the same
// journal) that `seed` alone decides, until every job has ended and the manager was stopped. `log` receives what happens; it may be empty.
//
// After every step: no more environments are alive than `concurrent`, held polls and running jobs
// together fit into it (what ran when it was lowered goes on, but nothing else begins), no secret has
// left, no breach of the protocol. At the end: every job reached exactly one final state, the one it
// was meant to reach unless somebody cancelled it; the server's log holds what was printed, in order,
// masked; nothing is alive and nothing sleeps.
verdict run_seed(std::uint64_t seed, std::function<void(std::string const&)> log);

}  // namespace corunner::simulation
