#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// The words of `text`, split at white space.
std::vector<std::string> split_words(std::string_view text);

// `text` without white space at both ends.
std::string_view trim(std::string_view text);

// `text` with the capital letters of ASCII made small.
std::string lower_case(std::string text);

}  // namespace corunner
