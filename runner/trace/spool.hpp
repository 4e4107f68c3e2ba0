#pragma once

#include "net/asio.hpp"

#include <boost/asio/buffer.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace corunner {

// Where the bytes of a log are kept until the server has them. A small interface, so that a test
// can tear a write or be full.
class spool {
 public:
  virtual ~spool() = default;
  // Stores `bytes` at `offset`: all of them, or an error and then any part of them. Never leaves a
  // gap: `offset` is at most what was stored before.
  virtual error_code write(std::uint64_t offset, std::string_view bytes) = 0;
  // Ends it there; nothing happens when it is shorter. Works on a full disk, and is best effort.
  virtual void cut(std::uint64_t size) = 0;
  // What is stored from `offset` on, as much as fits; 0 is the end.
  virtual result<std::size_t> read(std::uint64_t offset, asio::mutable_buffer into) = 0;
};

// `length` bytes from `offset` on; asio::error::eof when there are not so many.
result<std::string> read_exactly(spool& from, std::uint64_t offset, std::size_t length);

// Bytes in memory, for the few lines of a job that cannot run because nothing can be stored. More
// than `limit` in all is no_space_on_device.
std::unique_ptr<spool> make_memory_spool(std::size_t limit);

// A file of mode 0600 in `directory` (empty: the system's temporary one) with a name that starts
// with "trace"; it is removed with the object.
result<std::unique_ptr<spool>> open_spool_file(std::filesystem::path const& directory = {});

// The file of that name, made with mode 0600 if it is not there; it stays when the object goes.
result<std::unique_ptr<spool>> open_spool_at(std::filesystem::path const& file);

}  // namespace corunner
