#include "test/simulation/accidents.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner::simulation {

using namespace std::chrono_literals;

namespace {

constexpr auto journal_empty_within = 3h;  // the final update is tried for an hour

}  // namespace

void accidents::begin() {
  auto& random = world_.random;
  auto& tasks = world_.tasks;
  world_.jobs = random.between(1, 8);
  tasks.spawn(arrivals());
  tasks.spawn(cancellations());
  tasks.spawn(outages(random.percent(40) ? random.between(1, 3) : 0));
  for (auto const& each : world_.gitlabs.all()) {
    bool const first = each == world_.gitlabs.all().front();
    if (first || each->calm() || !random.percent(15)) continue;
    tasks.spawn(departure(*each, random.percent(50) ? 0 : random.between(1, 300)));
  }
  tasks.spawn(edits(random.percent(50) ? random.between(1, 8) : 0));
  tasks.spawn(disk_trouble(random.percent(25) ? random.between(1, 2) : 0));
  world_.begin_life();
  if (random.percent(50)) {
    immortal_ = false;
    tasks.spawn(deaths(random.between(1, 4)));
  }
  tasks.spawn(stop_when_done());
}

bool accidents::over() const {
  return world_.arrived == world_.jobs && world_.gitlabs.all_ended();
}

awaitable<error_code> accidents::sleep(std::int64_t least, std::int64_t most) {
  auto const length = std::chrono::seconds(world_.random.between(least, most));
  co_return co_await world_.time.sleep_for(length);
}

awaitable<void> accidents::arrivals() {
  for (std::int64_t id = 1; id <= world_.jobs; ++id) {
    if (world_.random.percent(50) && co_await sleep(0, 60)) co_return;
    auto* const where = world_.random.one_of(world_.gitlabs.lasting());
    where->gitlab.add(make_job(id, world_.random));
    ++world_.arrived;
    world_.say(fmt::format("{}: job {} is queued", where->host(), id));
  }
}

// A person cancels what hangs, and sometimes what does not.
awaitable<void> accidents::cancellations() {
  while (!over()) {
    if (co_await sleep(20, 120)) co_return;
    for (auto* const each : world_.gitlabs.lasting()) {
      for (auto const& [id, job] : each->gitlab.jobs()) {
        bool const hangs = job.what.meant == fate::waits_for_cancel;
        if (job.cancel_asked || job.now != gitlab_world::status::running) continue;
        if (hangs || world_.random.percent(3)) each->gitlab.cancel(id, world_.random.percent(60));
      }
    }
  }
}

// A person edits config.toml while the runner is at work, or is not there.
awaitable<void> accidents::edits(std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    if (co_await sleep(1, 200)) co_return;
    world_.say("config.toml: " + world_.configuration.edit());
    world_.counts.add(fault::configuration_edited);
    if (i + 1 == count) world_.configuration.make_whole();
    if (!world_.now().running()) continue;
    auto& manager = world_.now().manager();
    auto const taken = static_cast<std::int64_t>(manager.slots_taken());
    auto const& values = world_.configuration.values();
    if (!manager.stopping()) {
      world_.bound = std::max(values.concurrent, std::min(world_.bound, taken));
    }
    manager.reconfigure(values);
  }
}

presence accidents::draw_absence() {
  constexpr presence ways[] = {presence::refuses, presence::stalls, presence::unreachable};
  return ways[world_.random.between(0, 2)];
}

// Servers go away now and then, mostly for moments.
awaitable<void> accidents::outages(std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    if (co_await sleep(1, 300)) co_return;
    auto& which = *world_.random.one_of(world_.gitlabs.lasting());
    if (which.calm()) continue;
    world_.say(which.host() + ": goes away");
    which.become(draw_absence());
    auto const ec = co_await sleep(1, world_.random.percent(80) ? 90 : 1500);
    which.become(presence::there);
    world_.say(which.host() + ": is back");
    if (ec) co_return;
  }
}

awaitable<void> accidents::departure(server& whose, std::int64_t after) {
  if (co_await sleep(after, after)) co_return;
  world_.say(whose.host() + ": goes away for good");
  whose.go_for_good(draw_absence());
}

awaitable<void> accidents::disk_trouble(std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    if (co_await sleep(0, 200)) co_return;
    world_.say("disk: is full");
    world_.counts.add(fault::disk_full);
    world_.disk.full = true;
    world_.disk.refuses_files = world_.random.percent(50);
    if (world_.random.percent(20)) {
      world_.counts.add(fault::disk_full_for_good);
      co_return;
    }
    if (co_await sleep(1, 300)) co_return;
    world_.say("disk: has room again");
    world_.disk.full = world_.disk.refuses_files = false;
  }
}

// Some time, or until shortly after a job has ended.
awaitable<error_code> accidents::lifetime() {
  if (world_.random.percent(70)) {
    auto const length = std::chrono::milliseconds(world_.random.between(1, 120'000));
    co_return co_await world_.time.sleep_for(length);
  }
  auto const before = world_.gitlabs.ended();
  for (int i = 0; i < 300 && world_.gitlabs.ended() == before; ++i) {
    if (error_code const ec = co_await sleep(2, 2)) co_return ec;
  }
  co_return co_await sleep(0, 20);
}

// The process is killed, loses its machine's power, or is told to stop, and is started again.
awaitable<void> accidents::deaths(std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    if (co_await lifetime()) co_return;
    if (over()) break;
    switch (world_.random.between(0, 2)) {
      case 0: kill_process(); break;
      case 1: world_.lose_power(); break;
      default: co_await stop_and_wait();
    }
    if (co_await sleep(0, 30)) co_return;
    world_.say("manager: starts again");
    world_.begin_life();
  }
  immortal_ = true;
}

void accidents::kill_process() {
  world_.counts.add(fault::killed);
  world_.kill("manager: is killed");
}

// While it stops it may be told once more, or die.
awaitable<void> accidents::stop_and_wait() {
  auto const draw = [this] { return static_cast<stop_signal>(world_.random.between(0, 2)); };
  world_.signal(draw());
  if (world_.random.percent(80)) {
    if (co_await sleep(0, 15)) co_return;
    if (world_.now().running()) {
      switch (world_.random.between(0, 5)) {
        case 0: kill_process(); break;
        case 1: world_.lose_power(); break;
        default: world_.signal(draw());
      }
    }
  }
  while (world_.now().running()) {
    if (co_await sleep(5, 5)) co_return;
  }
}

awaitable<void> accidents::stop_when_done() {
  while (!over() || !immortal_) {
    if (co_await sleep(5, 5)) co_return;
  }
  auto const limit = world_.time.now() + journal_empty_within;
  while (!world_.disk.empty()) {
    if (co_await sleep(60, 60)) co_return;
    if (world_.time.now() > limit) {
      co_return world_.breach("the journal keeps " + world_.disk.names("").front());
    }
  }
  world_.last_life = true;
  world_.signal(static_cast<stop_signal>(world_.random.between(0, 2)));
}

}  // namespace corunner::simulation
