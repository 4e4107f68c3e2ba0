#include "net/time_source.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>

#include <tuple>

namespace corunner::net {

awaitable<error_code> time_source::sleep_for(duration length) {
  co_return co_await sleep_until(now() + length);
}

time_source::time_point real_time::now() const { return std::chrono::steady_clock::now(); }

time_source::wall_time real_time::wall_now() const { return std::chrono::system_clock::now(); }

awaitable<error_code> real_time::sleep_until(time_point when) {
  asio::steady_timer timer(co_await asio::this_coro::executor, when);
  auto [ec] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return ec;
}

}  // namespace corunner::net
