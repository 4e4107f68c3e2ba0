#pragma once

#include <cstddef>
#include <string_view>

namespace corunner {

// Position of the first byte from `from` on that is `a` or `b`; bytes.size() for none.
std::size_t find_either(std::string_view bytes, std::size_t from, char a, char b);

// How many bytes at the beginning are ASCII.
std::size_t ascii_prefix(std::string_view bytes);

}  // namespace corunner
