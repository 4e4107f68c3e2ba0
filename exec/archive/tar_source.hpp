#pragma once

#include "exec/archive/ahead.hpp"
#include "exec/archive/buffered_source.hpp"

#include <memory>

namespace corunner::exec {

// Writes a tar inside one stream of zstd (helper.md 5.4), the next piece while the last one is
// sent.
class tar_source final : public buffered_source {
 public:
  tar_source(asio::any_io_executor loop, net::blocking_pool& pool,
             std::shared_ptr<archive_plan const> plan);

 protected:
  awaitable<bool> produce() override;

 private:
  class packer;
  struct piece {
    std::string bytes;
    std::string failure;
    bool last = false;
  };
  void start_piece();

  std::shared_ptr<packer> packer_;
  ahead<piece> pieces_;
};

}  // namespace corunner::exec
