#pragma once

#include "exec/archive/ahead.hpp"
#include "exec/archive/buffered_source.hpp"
#include "exec/archive/member_stream.hpp"
#include "exec/archive/zip_batch.hpp"

#include <deque>
#include <memory>
#include <vector>

namespace corunner::exec {

// Writes a zip: small files in batches, several at a time; a large file in parts, several at a
// time.
//
// Members come in the order of the plan, but a file that has grown large since it was listed comes
// last.
class zip_source final : public buffered_source {
 public:
  zip_source(asio::any_io_executor loop, net::blocking_pool& pool,
             std::shared_ptr<archive_plan const> plan);

 protected:
  awaitable<bool> produce() override;

 private:
  void start_batches();
  awaitable<bool> take_batch();
  awaitable<bool> begin_large(std::size_t entry);
  awaitable<bool> continue_large();
  void write_directory();

  asio::any_io_executor loop_;
  net::blocking_pool& pool_;
  std::shared_ptr<archive_plan const> plan_;
  std::size_t next_ = 0;  // the first entry that was not started
  ahead<zip_batch> batches_;
  std::deque<std::size_t> grown_;
  std::unique_ptr<member_stream> large_;
  zip_record large_record_;
  std::vector<zip_record> records_;
  std::size_t listed_ = 0;  // records in the central directory so far
  std::uint64_t directory_ = 0;
};

}  // namespace corunner::exec
