#pragma once

#include "runner/command/live_log.hpp"
#include "runner/trace/spool.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace corunner {

// A spool that also shows what is stored, once and in order, as a person reads it.
class tee_spool final : public spool {
 public:
  using writer = std::function<void(std::string_view text)>;

  tee_spool(std::unique_ptr<spool> storage, live_log::options how, writer show);
  ~tee_spool() override;

  error_code write(std::uint64_t offset, std::string_view bytes) override;
  void cut(std::uint64_t size) override { storage_->cut(size); }
  result<std::size_t> read(std::uint64_t offset, asio::mutable_buffer into) override;

 private:
  std::unique_ptr<spool> storage_;
  live_log log_;
  writer show_;
  std::uint64_t shown_ = 0;
};

}  // namespace corunner
