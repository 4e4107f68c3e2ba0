#pragma once

#include "config/keys.hpp"

namespace corunner::config {

// Adds the tables of `from` to the list `what` of `owner`.
std::optional<failure> decode_tables(node from, key const& what, open_table* owner);

}  // namespace corunner::config
