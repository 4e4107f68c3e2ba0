#pragma once

#include "net/asio.hpp"

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace corunner::coordinator {

// The traces of jobs, one file each.
//
// A patch goes to the page cache by one pwrite on the loop: its size is bounded by the body limit
// of the endpoint, and nothing is synced. The row in the database says how many bytes count; what a
// crash left behind them is overwritten.
class trace_files {
 public:
  explicit trace_files(std::filesystem::path directory);

  std::filesystem::path path(std::int64_t job) const;
  error_code write(std::int64_t job, std::uint64_t offset, std::string_view bytes) const;
  void remove(std::int64_t job) const;

 private:
  std::filesystem::path directory_;
};

// CRC-32 of `bytes` after bytes whose CRC-32 is `before` (protocol.md 5.1).
std::uint32_t crc32_after(std::uint32_t before, std::string_view bytes);
// "crc32:528def35"
std::string checksum_text(std::uint32_t crc);

}  // namespace corunner::coordinator
