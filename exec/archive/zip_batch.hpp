#pragma once

#include "exec/archive/archive_source.hpp"
#include "exec/archive/zip_format.hpp"

#include <string>
#include <vector>

namespace corunner::exec {

// Files beyond this are packed in parts instead of as a whole.
inline constexpr std::uint64_t zip_large_file = 4 << 20;

// A few members, complete: headers, data, descriptors.
struct zip_batch {
  std::string bytes;
  std::vector<zip_record> records;  // offsets count from the begin of `bytes`
  std::vector<std::size_t> grown;   // entries left out because they are large by now
  std::string failure;              // why it ends early; empty when it does not
};

// The index behind the last entry of the batch that begins at `first`, which is not a large one.
std::size_t end_of_batch(archive_plan const& plan, std::size_t first);

// Reads and packs the entries [first, last) of the plan. Blocks; for the threads of a pool.
zip_batch pack_batch(archive_plan const& plan, std::size_t first, std::size_t last);

bool is_large_file(archive_entry const& entry);

}  // namespace corunner::exec
