#pragma once

#include "net/asio.hpp"
#include "net/event.hpp"

#include <cstdint>
#include <string>

namespace corunner {

// The log of one job as the uploader sees it: bytes that only grow in number.
class log_source {
 public:
  virtual ~log_source() = default;

  virtual std::uint64_t size() const = 0;
  virtual std::string checksum() const = 0;  // "crc32:xxxxxxxx" of bytes [0, size())
  // `length` bytes from `offset` on, all below size(). May run on another thread.
  virtual result<std::string> read(std::uint64_t offset, std::size_t length) const = 0;
  // Set once size() is at least `size`; there is one such event, so the last call counts.
  virtual net::event& grown_to(std::uint64_t size) = 0;
};

}  // namespace corunner
