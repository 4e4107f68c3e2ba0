#pragma once

#include "config/failure.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace corunner::config {

using duration = std::chrono::nanoseconds;

// Reads a length of time as Go writes it: decimal numbers with a unit each (ns, us, µs, ms, s, m,
// h), an optional sign, no spaces: "1h30m", "1.5h", "-5s"; "0" alone needs no unit. The messages
// are those of GitLab Runner (config.md 11.1), because scripts see them.
outcome<duration> parse_duration(std::string_view text);

// The shortest Go text of `length`: "15m0s", "1h0m0s", "1.5s", "100ms", "0s".
std::string format_duration(duration length);

}  // namespace corunner::config
