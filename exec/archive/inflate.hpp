#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace corunner::exec {

enum class inflate_end { whole, too_long, corrupt };

// Unpacks a whole deflate stream at once. `size` becomes what it came to; too_long: `into` is too
// small.
inflate_end inflate(std::string_view packed, std::span<char> into, std::size_t& size);

}  // namespace corunner::exec
