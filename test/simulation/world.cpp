#include "test/simulation/world.hpp"

#include "test/simulation/accidents.hpp"
#include "test/simulation/checker.hpp"
#include "test/simulation/scene.hpp"
#include "test/support/settle.hpp"

#include <algorithm>
#include <exception>

namespace corunner::simulation {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_steps = 200'000;
constexpr auto longest_story = 24h;

// To the next moment in which something happens; false when nothing more has to.
bool step(scene& world, checker& check) {
  test::settle(world.io);
  auto& manager = world.now().manager();
  auto const taken = static_cast<std::int64_t>(manager.slots_taken());
  auto const wanted = manager.stopping() ? world.bound : world.configuration.values().concurrent;
  world.bound = std::max(wanted, std::min(world.bound, taken));
  if (world.disk.full) {
    world.gitlabs.each_job([&](server&, std::int64_t id, gitlab_world::job const& job) {
      if (job.now != gitlab_world::status::queued) world.stories[id].full_disk = true;
    });
  }
  for (auto const& each : world.gitlabs.all()) each->gitlab.sweep();
  check.check_step();
  if (world.finished || !world.result.breaches.empty()) return false;
  auto const next = world.time.next_deadline();
  if (next == net::time_source::time_point::max()) {
    world.breach("everything waits and nothing has a deadline");
    return false;
  }
  world.time.advance(next - world.time.now());
  if (world.time.now().time_since_epoch() > longest_story) {
    world.breach("not every job ended within a day");
    return false;
  }
  return true;
}

// Ends what is left of the world: servers, and ghosts that still try.
void end(scene& world) {
  for (auto const& each : world.gitlabs.all()) each->stop();
  world.tasks.cancel();
  for (int i = 0; i < 200 && world.somebody_is_left(); ++i) {
    test::settle(world.io);
    world.time.advance(60s);
  }
  for (auto const& each : world.lives) each->close_idle();
  test::settle(world.io);
  if (world.somebody_is_left()) std::terminate();  // a coroutine that cannot be cancelled
}

}  // namespace

verdict run_seed(std::uint64_t seed, std::function<void(std::string const&)> log) {
  scene world(seed, std::move(log));
  accidents fates(world);
  checker check(world, [&world](std::string text) { world.breach(std::move(text)); });
  fates.begin();
  auto& result = world.result;
  while (result.steps++ < most_steps && step(world, check)) {
  }
  if (result.steps >= most_steps) world.breach("no end in sight");
  bool const clean = result.breaches.empty();
  end(world);
  result.counts = world.counts;
  result.counts.add(fault::write_refused, world.disk.refused_writes);
  result.counts.add(fault::file_refused, world.disk.refused_files);
  if (clean) check.check_end();
  result.jobs = static_cast<std::size_t>(world.jobs);
  return result;
}

}  // namespace corunner::simulation
