#pragma once

#include "net/blocking_pool.hpp"
#include "runner/trace/log_source.hpp"
#include "runner/trace/spool.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace corunner {

// The log of a job that an earlier process ran, as it was found. It only grows by append().
class recovered_log final : public log_source {
 public:
  // `size`: how many bytes the spool holds.
  recovered_log(asio::any_io_executor executor, std::unique_ptr<spool> storage, std::uint64_t size);

  // Reads it once from begin to end, off the loop. To be called first; what cannot be read is cut off.
  awaitable<void> compute_checksum(net::blocking_pool& pool);
  bool ends_with(std::string_view text) const;
  error_code append(std::string_view bytes);

  std::uint64_t size() const override { return size_; }
  std::string checksum() const override;
  result<std::string> read(std::uint64_t offset, std::size_t length) const override;
  net::event& grown_to(std::uint64_t size) override;

 private:
  void read_through();

  std::unique_ptr<spool> storage_;
  std::uint64_t size_;
  std::uint32_t crc_ = 0;
  net::event grown_;
};

}  // namespace corunner
