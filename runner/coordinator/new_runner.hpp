#pragma once

#include "runner/coordinator/storage/records.hpp"

#include <string>

namespace corunner::coordinator {

struct context;

// Tokens of runners: `glrt-` for those that a user made, `glrtr-` for those of a registration token
// (runners-api.md 3). Only their hashes are stored, so what these return is shown once.

// Gives a new runner its identity, stores it, with `project` as its owner where it is a project
// runner, and returns its token.
std::string store_new_runner(context& in, runner_record& runner, std::int64_t project = 0);
// Another token in place of the old one, which is dead at once.
std::string renew_token(context& in, runner_record& runner);

// The settings (milliseconds) that say how long tokens of the three kinds of runners live; groups
// and projects may name a shorter time.
inline constexpr auto instance_lifetime = "runner_token_lifetime";
inline constexpr auto group_lifetime = "group_runner_token_lifetime";
inline constexpr auto project_lifetime = "project_runner_token_lifetime";

}  // namespace corunner::coordinator
