#include "exec/archive/buffered_source.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <cstring>

namespace corunner::exec {

awaitable<result<std::size_t>> buffered_source::read_some(asio::mutable_buffer into) {
  while (taken_ == out_.size()) {
    if (finished_) co_return 0;
    taken_before_ += out_.size();
    out_.clear();
    taken_ = 0;
    if (!co_await produce()) {
      if (failure_.empty()) co_return error_code(asio::error::operation_aborted);
      co_return boost::system::errc::make_error_code(boost::system::errc::io_error);
    }
  }
  auto const size = std::min(into.size(), out_.size() - taken_);
  std::memcpy(into.data(), out_.data() + taken_, size);
  taken_ += size;
  co_return size;
}

}  // namespace corunner::exec
