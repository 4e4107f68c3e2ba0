#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace corunner::coordinator {

// Lists of strings as they stand in a column: a JSON array.
std::string to_json_list(std::vector<std::string> const& items);
std::string to_json_list(std::vector<std::int64_t> const& items);
std::vector<std::string> from_json_list(std::string const& text);

}  // namespace corunner::coordinator
