#pragma once

#include "runner/manager/manager.hpp"
#include "runner/observe/log_filters.hpp"
#include "runner/observe/metrics_server.hpp"

#include <vector>

namespace corunner {

// What a person and a cluster ask a running process, besides its metrics (observability.md 1.2
// to 1.5). What `secrets` know is hidden, as in our log. The manager and they must outlive the
// pages.
//
// /health/live: 200 whenever an answer comes at all: the loop turns. To be restarted for.
// /health/ready: 200 from the moment the manager works, which is after the configuration was
// loaded, until the process ends; 503 before. It stays 200 while jobs end in a graceful stop, as in
// GitLab Runner: a pod that is not ready would lose the scrapes of its last metrics.
// /debug/process/state: starting, running, graceful-shutdown, forceful-shutdown.
// /debug/jobs/list: a line a job: its page at GitLab, what it is at and for how long.
std::vector<debug_page> debug_pages(manager const& jobs, log_filters const& secrets);

}  // namespace corunner
