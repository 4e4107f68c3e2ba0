#pragma once

#include <string>
#include <string_view>

namespace corunner::config {

// The text as GitLab Runner's messages quote it (%q of Go): in double quotes; these, backslashes
// and control characters are escaped.
std::string in_quotes(std::string_view text);

}  // namespace corunner::config
