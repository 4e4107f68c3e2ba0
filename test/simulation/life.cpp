#include "test/simulation/life.hpp"

#include <string>
#include <utility>
#include <vector>

namespace corunner::simulation {

namespace {

manager_options options_with(std::uint64_t seed) {
  manager_options how;
  how.identity.version = "simulated";
  how.identity.system_id = "s_simulation";
  how.working_directory = "/simulated";
  how.seed = seed;
  return how;
}

journal open_journal(test::memory_disk& disk, std::size_t number, test::life_sign const& alive) {
  std::vector<std::unique_ptr<journal_storage>> left;
  for (std::size_t earlier = 1; earlier < number; ++earlier) {
    left.push_back(std::make_unique<test::memory_storage>(disk, std::to_string(earlier), alive));
  }
  return journal(std::make_unique<test::memory_storage>(disk, std::to_string(number), alive),
                 std::move(left));
}

}  // namespace

life::life(world_parts parts, std::size_t number, std::uint64_t seed, config::configuration values)
    : dialer_(parts.network, alive_),
      http_(dialer_, parts.time, {.user_agent = "simulation"}),
      journal_(open_journal(parts.disk, number, alive_)),
      manager_(parts.executor, services(parts), options_with(seed), std::move(values)) {}

manager_services life::services(world_parts const& parts) {
  return {.time = parts.time,
          .pool = parts.pool,
          .http = http_,
          .log = parts.log,
          .make_executor = [this, &time = parts.time](
                               std::string const&) -> std::unique_ptr<exec::executor> {
            return std::make_unique<exec::dummy_executor>(time, dummies_);
          },
          .journal = journal_,
          .watch_log = {},
          .remove_leftover = {}};
}

bool life::signal(stop_signal what) {
  if (forceful_) return false;
  if (what == stop_signal::quit) {
    if (!std::exchange(graceful_, true)) manager_.stop_gracefully();
    return true;
  }
  forceful_ = true;
  manager_.stop_forcefully(what == stop_signal::terminate ? "terminated" : "interrupt");
  return true;
}

void life::kill() {
  *alive_ = false;
  manager_.stop_forcefully("killed");
}

}  // namespace corunner::simulation
