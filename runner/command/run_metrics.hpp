#pragma once

#include "runner/command/config_reload.hpp"
#include "runner/manager/manager.hpp"
#include "runner/observe/log.hpp"
#include "runner/observe/metrics.hpp"

#include <string>
#include <vector>

namespace corunner {

// What `run` tells of itself: version, configuration, runner entries, jobs, log lines. Names and
// labels are GitLab Runner's. The arguments must outlive the rows.
std::vector<metric> run_metrics(manager const& jobs, config_reload const& reload,
                                log_target const& log, std::string const& system_id);

}  // namespace corunner
