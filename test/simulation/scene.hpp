#pragma once

#include "test/simulation/drawn_configuration.hpp"
#include "test/simulation/life.hpp"
#include "test/simulation/servers.hpp"
#include "test/simulation/world.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/memory_net.hpp"
#include "test/support/memory_storage.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace corunner::simulation {

// What befell one job besides its own script; from it follows how it may end.
struct job_story {
  bool died = false;            // our process did while the server thought that we have it
  bool power = false;           // by a loss of power
  bool unaccepted = false;      // the server ran it, and our record did not say so when we died
  bool end_kept = false;        // our record said how it ended when we died
  bool record_damaged = false;  // by a loss of power
  bool log_damaged = false;
  bool full_disk = false;       // at some time while it was ours
  bool interrupted = false;     // it ran when we were told to stop at once
};

// Everything that one seed's world consists of: what main.cpp composes, in memory, and what is
// around it.
struct scene {
  scene(std::uint64_t seed, std::function<void(std::string const&)> log);

  void say(std::string const& text);
  void breach(std::string text);

  life& now() { return *lives.back(); }
  life const& now() const { return *lives.back(); }
  void begin_life();
  // The process ends at once; its files stay.
  void kill(std::string const& why);
  // The machine stops; what was not synced is lost in part.
  void lose_power();
  // As the process takes it; may end it.
  void signal(stop_signal what);

  // Ghosts try to deliver for as long as a server would wait.
  bool somebody_is_left() const;

  std::function<void(std::string const&)> log_;
  chance random;
  asio::io_context io;
  test::manual_time time;
  net::blocking_pool pool{0};
  fault_counts counts;
  test::memory_dialer network;
  net::task_group tasks;
  servers gitlabs;
  log_target log;
  drawn_configuration configuration;
  test::memory_disk disk;
  std::vector<std::unique_ptr<life>> lives;
  std::map<std::int64_t, job_story> stories;
  // The server notices late that nobody waits for the answer to a held poll.
  net::time_source::time_point held_by_ghosts_until{};
  // `concurrent`, or what was taken when it was lowered below that: it can only become less.
  std::int64_t bound = 0;
  std::int64_t jobs = 0;
  std::int64_t arrived = 0;
  bool last_life = false;  // the process was told to stop for the last time
  bool finished = false;   // and did
  verdict result;

 private:
  awaitable<void> run_manager(life& whose);
  void die();
  void count_losses(test::power_loss const& report);
  void remember_death(bool power);
};

}  // namespace corunner::simulation
