#pragma once

#include "exec/archive/archive_source.hpp"

#include <string>
#include <string_view>

namespace corunner::exec {

// Compression of what is in memory. Plain functions for the threads of a pool.

// False: some pieces of `bytes` did not become smaller, so the whole is not worth the time.
bool may_shrink(std::string_view bytes);

// All of a deflate stream.
std::string deflate_whole(std::string_view bytes, compression_level level);

// A part of a deflate stream that ends at a byte and leaves the stream open, knowing nothing of the
// parts before: parts can be made at the same time. The stream ends with `deflate_end`.
std::string deflate_part(std::string_view bytes, compression_level level);
inline constexpr std::string_view deflate_end{"\x03\x00", 2};

// One zstd frame; frames may follow one another.
std::string zstd_frame(std::string_view bytes, compression_level level);

}  // namespace corunner::exec
