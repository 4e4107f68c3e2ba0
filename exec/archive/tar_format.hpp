#pragma once

#include "exec/archive/archive_entry.hpp"
#include "exec/archive/tar_sparse.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace corunner::exec {

// Tar headers (POSIX.1-2001: ustar, and pax records only where ustar is too small; helper.md 5.4).

inline constexpr std::size_t tar_block = 512;

// The header blocks of an entry, a pax header in front when one is needed. `target` is that of a
// link. The time is rounded to the nearest second.
std::string tar_header(archive_entry const& entry, std::string_view target);

// Zeros that fill up the last block of `size` bytes.
std::string tar_padding(std::uint64_t size);

// One header block, taken apart.
struct tar_block_fields {
  std::string path;
  std::string target;
  char type = '0';
  std::uint32_t mode = 0;
  std::int64_t uid = 0;
  std::int64_t gid = 0;
  std::int64_t size = 0;
  std::int64_t modified = 0;
  std::int32_t modified_nanoseconds = 0;
  std::optional<tar_sparse_map> sparse;  // of a file with holes; `size` is what is stored of it
};

// Octal digits between blanks and zeros, or a number in base 256 when the first bit is set.
std::optional<std::int64_t> parse_tar_number(std::string_view field);

// Nothing when the checksum is wrong or a number is none.
std::optional<tar_block_fields> parse_tar_block(std::string_view block);

}  // namespace corunner::exec
