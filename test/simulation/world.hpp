#pragma once

#include "test/simulation/coverage.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace corunner::simulation {

// What came of one seed: no breaches when every promise was kept.
struct verdict {
  std::vector<std::string> breaches;
  fault_counts counts;
  std::size_t jobs = 0;
  std::size_t steps = 0;
};

// Runs the manager, its jobs on dummy executors and 1 to 4 GitLabs in memory on manual time, with
// everything that can go wrong (coverage.hpp) as `seed` alone decides, until every job of a server
// that is not gone for good has ended and the manager was stopped. `log` receives what happens; it
// may be empty.
//
// After every step:
// - no more environments are alive than `concurrent`; held polls and running jobs together fit into
// it
//   (what ran when it was lowered goes on, but nothing else begins);
// - the entries of a server that works ask it in time, whatever the others do;
// - no secret has left, no breach of the protocol; a checksum that was sent is that of the server's
// log. At the end:
// - every job reached exactly one final state, the one it was meant to reach, unless somebody
// cancelled
//   it, a signal interrupted it, or our process died before the end was recorded (a system failure;
//   also where the disk was full); another end is offered to the server only when the record of a
//   delivered job came back damaged after a loss of power;
// - a job that the server had to end itself is one whose record was damaged by a loss of power, did
// not fit
//   on the disk, or did not yet say that the server had taken our acceptance;
// - the server's log holds what was printed, in order, masked: all of it, or up to where the job
// was ended
//   or a line says that the rest was lost with power or did not fit on the disk;
// - the journal is empty, nothing is alive and nothing sleeps.
verdict run_seed(std::uint64_t seed, std::function<void(std::string const&)> log);

}  // namespace corunner::simulation
