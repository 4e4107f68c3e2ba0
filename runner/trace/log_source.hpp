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
  // "crc32:xxxxxxxx" of bytes [0, size()); empty when nobody knows it any more.
  virtual std::string checksum() const = 0;
  // `length` bytes from `offset` on, all below size(). May run on another thread.
  virtual result<std::string> read(std::uint64_t offset, std::size_t length) const = 0;
  // Set once size() is at least `size`; there is one such event, so the last call counts.
  virtual net::event& grown_to(std::uint64_t size) = 0;
  // The server holds so many bytes: more than it should when this log lost some since it was sent.
  // Called while no bytes are read; size() may be greater afterwards.
  virtual void server_holds(std::uint64_t) {}
};

}  // namespace corunner
