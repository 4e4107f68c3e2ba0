#pragma once

#include <string>
#include <string_view>

namespace corunner::config {

// The text as GitLab Runner's messages quote it: in double quotes, these and backslashes escaped.
std::string in_quotes(std::string_view text);

}  // namespace corunner::config
