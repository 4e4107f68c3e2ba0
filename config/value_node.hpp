#pragma once

#include "config/document.hpp"
#include "config/field.hpp"

#include <optional>

namespace corunner::config {

// A value as it stands in a file; nothing when there is none to write: an unset optional, and
// unless `always` also what is empty, 0 or false.
std::optional<node> value_node(field const& value, bool always);

}  // namespace corunner::config
