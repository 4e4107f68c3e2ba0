#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace corunner::exec {

// How many bytes an archive may become, so that a bomb is refused before the disk is full.
//
// Up to a hundredfold of its own length an archive is taken for what it says: it may replace files
// that use the disk now. One that grows more may fill what is free in its directory, but for a
// sixteenth.
class unpack_budget {
 public:
  unpack_budget() = default;  // no limit
  explicit unpack_budget(std::uint64_t bytes) : most_(bytes) {}
  // Blocks. Without limit when the directory does not tell what is free.
  static unpack_budget of(std::string const& root, std::uint64_t archive_length);

  // Counts `bytes` more; why that is too much, or nothing.
  std::string take(std::uint64_t bytes);

 private:
  std::uint64_t most_ = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t taken_ = 0;
};

}  // namespace corunner::exec
