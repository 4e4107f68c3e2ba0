#pragma once

#include "test/simulation/gitlab.hpp"

#include <cstdint>
#include <string>

namespace corunner::simulation {

struct log_expectation {
  bool whole = false;          // nothing ended the job early
  bool may_lack_end = false;   // if a line of the log says so
  bool may_have_gaps = false;  // if a line of the log says so, for each
};

// What is wrong with the server's log of a job, in words; empty when nothing is: the lines of
// stdout that the job itself made are there in order, all of them or the first ones.
std::string check_log(std::int64_t id, gitlab_world::job const& job, log_expectation expected);

// Whether the log says that the runner was restarted while the job ran.
bool tells_of_restart(gitlab_world::job const& job);

}  // namespace corunner::simulation
