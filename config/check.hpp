#pragma once

#include "config/config.hpp"
#include "config/problem.hpp"

#include <vector>

namespace corunner::config {

// What was decoded but is of no use, found by its path; the places are not known here.

// What keeps a file from loading: labels that GitLab would not take (labels.hpp), machine options
// without a place for the name (config.md 4.1).
std::vector<problem> refusals(configuration const& what);

// Against the schema of GitLab Runner's lint (config.md 4.2): an entry without url or token, an
// unknown shell, an idle time of a policy below a second, like the nanoseconds of `idle_time =
// 1800`.
std::vector<problem> violations(configuration const& what);

// Values of keys that take one of a few (choices.hpp) and are none of them; a part of
// useless_values.
void check_choices(configuration const& what, std::vector<problem>& found);

// Values that have no effect, or that jobs will fail on (config.md 4.3, 4.4).
std::vector<problem> useless_values(configuration const& what);

}  // namespace corunner::config
