#pragma once

#include "test/simulation/scene.hpp"

#include <map>
#include <string>

namespace corunner::simulation {

// Holds a world to what is promised (world.hpp).
class checker {
 public:
  explicit checker(scene const& where, std::function<void(std::string)> breach)
      : world_(where), breach_(std::move(breach)) {}

  // After every step.
  void check_step();
  // When the process was told to stop for the last time, and has.
  void check_end();

 private:
  void check_limits();
  void check_rhythm();
  void check_rhythm_of(server const& at, config::runner_entry const& entry, bool could_ask);
  void check_job(server const& at, std::int64_t id, gitlab_world::job const& job);
  // What must have come of a job, in words; nothing when it did.
  std::string wrong_end(job_story const& story, gitlab_world::job const& job) const;

  // How long an entry could have asked and did not.
  struct idleness {
    net::time_source::time_point since;
    bool could_ask = false;  // at the last step, so until now
  };

  scene const& world_;
  std::function<void(std::string)> breach_;
  int waited_for_ = 0;  // entries whose server may not answer
  std::map<std::string, idleness> idle_;  // by runner token
  std::int64_t check_interval_ = 0;       // at the last step
};

}  // namespace corunner::simulation
