#pragma once

#include "runner/gitlab/job_payload.hpp"
#include "test/simulation/random.hpp"

#include <string>
#include <vector>

namespace corunner::simulation {

// How a simulated job is meant to end when nobody interferes.
enum class fate { success, failure, timeout, waits_for_cancel };

// A job for the dummy executor, and what it will have printed.
struct simulated_job {
  gitlab::job_payload payload;
  fate meant = fate::success;
  int exit_code = 0;
  std::string secret;                // its masked variable
  std::vector<std::string> printed;  // lines on stdout in order, the secret already masked
};

simulated_job make_job(std::int64_t id, chance& random);

}  // namespace corunner::simulation
