#pragma once

#include <cstdint>
#include <string>

namespace corunner {

// What a log was at some time: the checksum ("crc32:xxxxxxxx") of its first `size` bytes.
struct log_mark {
  std::uint64_t size = 0;
  std::string checksum;
};

}  // namespace corunner
