#pragma once

#include "exec/archive/ahead.hpp"
#include "exec/archive/buffered_source.hpp"

#include <memory>

namespace corunner::exec {

// Writes a tar inside of zstd (helper.md 5.4): pieces of it are read one after the other, and
// packed at the same time as frames of their own, which every decoder takes for one stream.
class tar_source final : public buffered_source {
 public:
  tar_source(asio::any_io_executor loop, net::blocking_pool& pool,
             std::shared_ptr<archive_plan const> plan);

 protected:
  awaitable<bool> produce() override;

 private:
  class reader;
  // Begins to pack what comes next, as far as there is something for a worker to do.
  awaitable<bool> start_pieces();

  net::blocking_pool& pool_;
  std::shared_ptr<archive_plan const> plan_;
  std::shared_ptr<reader> reader_;
  bool read_all_ = false;
  ahead<std::string> frames_;
};

}  // namespace corunner::exec
