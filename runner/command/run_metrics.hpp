#pragma once

#include "runner/command/config_reload.hpp"
#include "runner/command/token_rotation.hpp"
#include "runner/manager/manager.hpp"
#include "runner/observe/log.hpp"
#include "runner/observe/metrics.hpp"

#include <string>

namespace corunner {

// What is looked at when a scraper comes.
struct run_view {
  manager const& jobs;
  config_reload const& reload;
  token_rotation const& tokens;
  log_target const& log;
  std::string system_id;
};

// What `run` tells of itself besides what it counts (run_figures): version, configuration, runner
// entries and their requests, jobs, log lines. Names and labels are GitLab Runner's. The view must
// outlive `into`.
void add_run_metrics(metrics& into, run_view const& of);

}  // namespace corunner
