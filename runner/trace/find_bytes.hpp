#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace corunner {

// Position of the first byte from `from` on that is `a` or `b`; bytes.size() for none.
std::size_t find_either(std::string_view bytes, std::size_t from, char a, char b);

// Position of the first of these pairs of bytes from `from` on; for none that of the last byte,
// which may begin one, or `from` when that is behind it. Fast for a handful of pairs.
std::size_t find_pair(std::string_view bytes, std::size_t from,
                      std::span<std::array<char, 2> const> pairs);

// How many bytes at the beginning are ASCII.
std::size_t ascii_prefix(std::string_view bytes);

}  // namespace corunner
