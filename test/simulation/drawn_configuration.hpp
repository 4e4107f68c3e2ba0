#pragma once

#include "config/config.hpp"
#include "test/simulation/random.hpp"

#include <string>

namespace corunner::simulation {

// The config.toml of a simulated world, and what a person does to it while the runner is at work.
class drawn_configuration {
 public:
  explicit drawn_configuration(chance& random);

  config::configuration const& values() const { return values_; }

  // One edit: an entry more or less, another limit, label, `concurrent` (also 0) or interval. What was
  // done, in words.
  std::string edit();
  // An edit after which every job can end: a slot and an entry at least.
  void make_whole();

 private:
  config::runner_entry draw_entry();

  chance& random_;
  config::configuration values_;
  int entries_made_ = 0;
};

}  // namespace corunner::simulation
