#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace corunner::coordinator {

// How long an artifact is kept: "1 week", "3 mins 4 sec", "never" (nothing). What cannot be read,
// and an empty text, are GitLab's default of 30 days.
std::optional<std::chrono::seconds> parse_expire_in(std::string_view text);

}  // namespace corunner::coordinator
