#pragma once

#include "test/simulation/scene.hpp"

namespace corunner::simulation {

// What happens in a world, as its seed wants it: jobs arrive and are cancelled, config.toml is
// edited, servers go away, the disk becomes full, the process or its machine dies or is told to
// stop, and begins again. At last every server that is not gone for good can be reached, and the
// process lives until all jobs have ended and its journal is empty.
class accidents {
 public:
  explicit accidents(scene& where) : world_(where) {}

  void begin();

 private:
  awaitable<void> arrivals();
  awaitable<void> cancellations();
  awaitable<void> edits(std::int64_t count);
  awaitable<void> outages(std::int64_t count);
  awaitable<void> departure(server& whose, std::int64_t after);
  awaitable<void> disk_trouble(std::int64_t count);
  awaitable<void> deaths(std::int64_t count);
  awaitable<error_code> lifetime();
  awaitable<void> stop_and_wait();
  awaitable<void> stop_when_done();

  void kill_process();
  bool over() const;
  awaitable<error_code> sleep(std::int64_t least, std::int64_t most);
  presence draw_absence();

  scene& world_;
  bool immortal_ = true;  // no more deaths to come
};

}  // namespace corunner::simulation
