// Runs many seeds, or replays one with its log:
//
//   simulation [--seeds N] [--first S]     N worlds (1000), from seed S (1); ends with a count line
//   simulation --seed N [--log]            one world

#include "test/simulation/world.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

using namespace corunner::simulation;

void print(std::string const& line) { std::printf("%s\n", line.c_str()); }

bool replay(std::uint64_t seed, bool with_log) {
  auto const how = run_seed(seed, with_log ? print : std::function<void(std::string const&)>());
  for (auto const& breach : how.breaches) std::printf("seed %lu: %s\n", seed, breach.c_str());
  return how.breaches.empty();
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seeds = 1000;
  std::uint64_t first = 1;
  std::uint64_t only = 0;
  bool log = false;
  for (int i = 1; i < argc; ++i) {
    auto const number = [&] { return i + 1 < argc ? std::strtoull(argv[++i], nullptr, 10) : 0; };
    if (!std::strcmp(argv[i], "--seeds")) seeds = number();
    else if (!std::strcmp(argv[i], "--first")) first = number();
    else if (!std::strcmp(argv[i], "--seed")) only = number();
    else if (!std::strcmp(argv[i], "--log")) log = true;
    else return std::fprintf(stderr, "simulation: unknown argument '%s'\n", argv[i]), 2;
  }
  if (only != 0) return replay(only, log) ? 0 : 1;
  std::uint64_t failed = 0;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    if (!replay(seed, false)) ++failed;
  }
  std::printf("%lu passed, %lu failed\n", seeds - failed, failed);
  return failed == 0 ? 0 : 1;
}
