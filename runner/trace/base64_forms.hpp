#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// What of the base64 text of any data shows where `value` is a part of it: for each of the three
// places that its first byte can have in a group of three, the characters that hold bits of the
// value alone; the same when the data end behind it, or behind it and a newline. In the standard
// and in the URL-safe alphabet; and, for values of several lines of base64, those lines when the
// value begins the data. RFC 4648, RFC 2045 (76 characters a line), RFC 7468 (64).
std::vector<std::string> base64_forms(std::string_view value);

}  // namespace corunner
