// Runs many seeds, or replays one with its log:
//
//   simulation [--seeds N] [--first S] [--processes P]   N worlds (1000), from seed S (1), side by
//                                                        side in P processes (as many as there are
//                                                        processors)
//   simulation --seed N [--log]                          one world
//
// Many worlds end with a table of the faults that happened and a count line. 1,000 worlds or more
// in which some fault never happened have failed.

#include "test/simulation/coverage.hpp"
#include "test/simulation/shares.hpp"
#include "test/simulation/world.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

using namespace corunner::simulation;

constexpr std::uint64_t enough_for_every_fault = 1000;

void print(std::string const& line) { std::printf("%s\n", line.c_str()); }

bool replay(std::uint64_t seed, bool with_log) {
  auto const how = run_seed(seed, with_log ? print : std::function<void(std::string const&)>());
  for (auto const& breach : how.breaches) std::printf("seed %lu: %s\n", seed, breach.c_str());
  return how.breaches.empty();
}

int run_many(std::uint64_t first, std::uint64_t seeds, unsigned processes) {
  auto all = run_shares(first, seeds, processes);
  std::printf("%s", all.faults.table().c_str());
  if (seeds >= enough_for_every_fault) {
    for (auto const what : all.faults.missing()) {
      std::printf("never happened: %s\n", std::string(name(what)).c_str());
      ++all.failed;
    }
  }
  std::printf("%lu passed, %lu failed\n", all.passed, all.failed);
  return all.failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seeds = 1000;
  std::uint64_t first = 1;
  std::uint64_t only = 0;
  unsigned processes = processors();
  bool log = false;
  for (int i = 1; i < argc; ++i) {
    auto const number = [&] { return i + 1 < argc ? std::strtoull(argv[++i], nullptr, 10) : 0; };
    if (!std::strcmp(argv[i], "--seeds")) seeds = number();
    else if (!std::strcmp(argv[i], "--first")) first = number();
    else if (!std::strcmp(argv[i], "--seed")) only = number();
    else if (!std::strcmp(argv[i], "--processes")) processes = static_cast<unsigned>(number());
    else if (!std::strcmp(argv[i], "--log")) log = true;
    else return std::fprintf(stderr, "simulation: unknown argument '%s'\n", argv[i]), 2;
  }
  if (only != 0) return replay(only, log) ? 0 : 1;
  return run_many(first, seeds, processes);
}
