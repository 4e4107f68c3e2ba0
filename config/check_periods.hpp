#pragma once

#include "config/config.hpp"
#include "config/problem.hpp"
#include "config/time_zone.hpp"

#include <vector>

namespace corunner::config {

// Periods, time zones and expressions that GitLab Runner compiles when it loads a file, and refuses
// (config.md 3, step 5); and the periods of autoscaler policies, on which it fails later: those are
// useless values. Zones are looked up in `zones`.
std::vector<problem> period_problems(configuration const& what, zone_files const& zones);

}  // namespace corunner::config
