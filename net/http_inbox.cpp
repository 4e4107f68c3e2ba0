#include "net/http_inbox.hpp"

#include "net/error.hpp"

namespace corunner::net {

awaitable<error_code> http_inbox::pump() {
  while (!end_) {
    auto const room = buffer_.room(limit_, 4096);
    if (room.size() == 0) {
      taken_.reset();
      if (error_code const ec = co_await taken_.wait()) co_return ec;
      continue;
    }
    auto const got = co_await from_.read_some(room);
    if (got) {
      buffer_.commit(*got);
    } else {
      end_ = got.error();
      over_.set();
    }
    changed_.set();
  }
  event never(co_await asio::this_coro::executor);
  co_return co_await never.wait();
}

void http_inbox::consume(std::size_t size) {
  if (size == 0) return;
  buffer_.consume(size);
  taken_.set();
}

awaitable<error_code> http_inbox::more() {
  auto const before = bytes().size();
  while (bytes().size() == before) {
    if (end_) co_return end_;
    if (before >= limit_) co_return errc::header_too_large;
    changed_.reset();
    if (error_code const ec = co_await changed_.wait()) co_return ec;
  }
  co_return error_code();
}

}  // namespace corunner::net
