#pragma once

#include <map>
#include <string>
#include <string_view>

namespace corunner {

// Reads what the job's script writes for the cache commands: lines KEY="value" in which a backslash
// stands before a quote or a backslash, or spells \n or \r (helper.md 3). Values without quotes are
// taken as they are; empty lines, comments and lines without '=' are passed over.
std::map<std::string, std::string> parse_env_file(std::string_view text);

}  // namespace corunner
