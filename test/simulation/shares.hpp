#pragma once

#include "test/simulation/coverage.hpp"

#include <cstdint>

namespace corunner::simulation {

struct outcome {
  std::uint64_t passed = 0;
  std::uint64_t failed =
      0;  // worlds; one in which the process crashed counts, too, and those after it
  coverage faults;
};

// Runs worlds `first` to `first + seeds - 1`, every P-th in a process of its own, and says which
// failed.
outcome run_shares(std::uint64_t first, std::uint64_t seeds, unsigned processes);

unsigned processors();

}  // namespace corunner::simulation
