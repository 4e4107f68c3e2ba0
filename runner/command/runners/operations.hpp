#pragma once

#include "runner/command/command.hpp"
#include "runner/command/runners/operation.hpp"

#include <cstddef>

namespace corunner {

inline constexpr std::size_t runners_entry_count = 15;

// The commands of `corunner runners`, in the order of help.
extern command_entry const runners_entries[runners_entry_count];

// That of `runners create`, for `register`.
operation const& runner_making();

}  // namespace corunner
