#include "net/event.hpp"

#include <boost/asio/as_tuple.hpp>

#include <utility>

namespace corunner::net {

event::event(asio::any_io_executor executor)
    : timer_(std::move(executor), asio::steady_timer::time_point::max()) {}

void event::set() {
  if (std::exchange(set_, true)) return;
  timer_.cancel();
}

awaitable<error_code> event::wait() {
  while (!set_) {
    co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    // The timer is cancelled by set() and by our own cancellation: the state tells which.
    auto const state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
      co_return asio::error::operation_aborted;
    }
  }
  co_return error_code();
}

}  // namespace corunner::net
