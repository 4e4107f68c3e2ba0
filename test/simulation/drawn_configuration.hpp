#pragma once

#include "config/config.hpp"
#include "test/simulation/random.hpp"

#include <string>
#include <vector>

namespace corunner::simulation {

// The config.toml of a simulated world, and what a person does to it while the runner is at work.
class drawn_configuration {
 public:
  // For servers with these hosts; each has an entry at first.
  drawn_configuration(chance& random, std::vector<std::string> hosts);

  config::configuration const& values() const { return values_; }

  // One edit: an entry more or less, another limit, label, `concurrent` (also 0) or interval. What
  // was done, in words.
  std::string edit();
  // An edit after which every job can end: a slot, and an entry of every server.
  void make_whole();

 private:
  config::runner_entry draw_entry(std::string const& host);
  config::runner_entry draw_entry() { return draw_entry(random_.one_of(hosts_)); }

  chance& random_;
  std::vector<std::string> hosts_;
  config::configuration values_;
  int entries_made_ = 0;
};

}  // namespace corunner::simulation
