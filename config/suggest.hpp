#pragma once

#include "config/keys.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace corunner::config {

// The one of `names` that `word` was probably meant to be: the fewest letters inserted, left out,
// replaced or swapped, without regard to case and to "-" for "_"; nothing when none is near.
std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<std::string_view const> names);

// What to do about an unknown key `name` of a table with the keys `within`: "did you mean
// 'image'?", "it belongs to [runners.docker]", or nothing.
std::string hint_for(std::string_view name, section const& within);

}  // namespace corunner::config
