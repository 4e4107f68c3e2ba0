#pragma once

#include "runner/coordinator/storage/records.hpp"

#include <optional>
#include <string>

namespace corunner::coordinator {

struct context;

// A project by what clients write in a path: its id, or its full path (already decoded).
std::optional<project_record> find_project(context& in, std::string const& id_or_path);

}  // namespace corunner::coordinator
