#pragma once

#include "exec/archive/ahead.hpp"
#include "exec/archive/archive_source.hpp"
#include "exec/archive/input_file.hpp"
#include "exec/archive/zip_format.hpp"

#include <memory>
#include <string>

namespace corunner::exec {

// The content of one file, packed in parts that the pool makes at the same time.
//
// Usage: open(), then next() until it says that there is no more; then crc, size and packed hold.
// Each returns false with `failure()` set (or empty: cancelled) when it cannot go on.
class member_stream {
 public:
  // How the content may be packed. `shrinking` means: stored when the first part does not shrink.
  enum class packing { store, deflate, deflate_if_shrinking, zstd_if_shrinking };

  member_stream(asio::any_io_executor loop, net::blocking_pool& pool,
                std::shared_ptr<archive_plan const> plan, packing how);

  // Opens `path` (called `shown` in messages) and packs the first part, so that `method` is known.
  awaitable<bool> open(std::string path, std::string shown);
  zip_method method() const { return method_; }
  std::int64_t modified() const { return file_->modified(); }

  // Appends the next packed bytes; `ended()` is true when these were the last.
  awaitable<bool> next(std::string& into);
  bool ended() const { return ended_; }

  std::uint32_t crc() const { return crc_; }
  std::uint64_t size() const { return size_; }
  std::uint64_t packed() const { return packed_; }
  std::string const& failure() const { return failure_; }

 private:
  struct part {
    std::string bytes;
    std::uint32_t crc = 0;
    std::size_t size = 0;
    zip_method method = zip_method::store;
    std::string failure;
  };
  static part make_part(input_file const& file, std::uint64_t offset, packing how,
                        compression_level level);
  void start_parts();
  void take(part made, std::string& into);
  awaitable<bool> fetch(part& into);

  net::blocking_pool& pool_;
  std::shared_ptr<archive_plan const> plan_;
  packing how_;
  std::shared_ptr<input_file const> file_;
  ahead<part> parts_;
  std::uint64_t started_ = 0;  // the offset of the next part to start
  part first_;
  bool at_first_ = true;
  bool ended_ = false;
  zip_method method_ = zip_method::store;
  std::uint32_t crc_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t packed_ = 0;
  std::string failure_;
};

}  // namespace corunner::exec
