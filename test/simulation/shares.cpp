#include "test/simulation/shares.hpp"

#include "test/simulation/world.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <type_traits>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace corunner::simulation {

namespace {

static_assert(std::is_trivially_copyable_v<outcome>);  // it goes through a pipe as it is

struct child {
  pid_t process;
  int result;
  std::uint64_t worlds;
};

outcome run_share(std::uint64_t first, std::uint64_t end, unsigned step) {
  outcome out;
  for (auto seed = first; seed < end; seed += step) {
    auto const how = run_seed(seed, {});
    for (auto const& breach : how.breaches) {
      auto const line = "seed " + std::to_string(seed) + ": " + breach + "\n";
      if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::_Exit(1);
    }
    ++(how.breaches.empty() ? out.passed : out.failed);
    out.faults.add(how.counts);
  }
  return out;
}

child begin(std::uint64_t first, std::uint64_t end, unsigned step) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  auto const process = ::fork();
  if (process < 0) std::abort();
  if (process == 0) {
    auto const mine = run_share(first, end, step);
    std::_Exit(::write(ends[1], &mine, sizeof mine) == sizeof mine ? 0 : 1);
  }
  ::close(ends[1]);
  return {process, ends[0], (end - first + step - 1) / step};
}

outcome result_of(child const& which) {
  outcome out;
  bool const came = ::read(which.result, &out, sizeof out) == sizeof out;
  ::close(which.result);
  int status = 0;
  ::waitpid(which.process, &status, 0);
  if (came && status == 0) return out;
  std::printf("a process of the simulation crashed (wait status %d)\n", status);
  outcome crashed;
  crashed.failed = which.worlds;
  return crashed;
}

}  // namespace

outcome run_shares(std::uint64_t first, std::uint64_t seeds, unsigned processes) {
  std::fflush(stdout);
  std::vector<child> children;
  auto const step = std::max(1u, processes);
  for (unsigned i = 0; i < step && i < seeds; ++i) {
    children.push_back(begin(first + i, first + seeds, step));
  }
  outcome all;
  for (auto const& each : children) {
    auto const one = result_of(each);
    all.passed += one.passed;
    all.failed += one.failed;
    all.faults.add(one.faults);
  }
  return all;
}

unsigned processors() {
  auto const count = ::sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? static_cast<unsigned>(count) : 1;
}

}  // namespace corunner::simulation
