#include "runner/command/tee_spool.hpp"

#include <utility>

namespace corunner {

tee_spool::tee_spool(std::unique_ptr<spool> storage, live_log::options how, writer show)
    : storage_(std::move(storage)), log_(std::move(how)), show_(std::move(show)) {}

tee_spool::~tee_spool() { show_(log_.finish()); }

error_code tee_spool::write(std::uint64_t offset, std::string_view bytes) {
  if (error_code const ec = storage_->write(offset, bytes)) return ec;
  if (offset == shown_) {
    show_(log_.feed(bytes));
    shown_ += bytes.size();
  }
  return {};
}

result<std::size_t> tee_spool::read(std::uint64_t offset, asio::mutable_buffer into) {
  return storage_->read(offset, into);
}

}  // namespace corunner
