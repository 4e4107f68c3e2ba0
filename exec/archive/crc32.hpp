#pragma once

#include <cstdint>
#include <string_view>

namespace corunner::exec {

// The checksum of zip and gzip; `before` is that of what came before.
std::uint32_t crc32(std::string_view bytes, std::uint32_t before = 0);

// The checksum of two pieces put together, from the checksum of each and the length of the second:
// pieces can be summed at the same time.
std::uint32_t crc32_combine(std::uint32_t first, std::uint32_t second, std::uint64_t second_length);

}  // namespace corunner::exec
