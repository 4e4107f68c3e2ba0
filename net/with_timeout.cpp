#include "net/with_timeout.hpp"

namespace corunner::net {

awaitable<error_code> with_timeout(time_source& time, time_source::duration limit,
                                   awaitable<error_code> op) {
  using namespace asio::experimental::awaitable_operators;
  auto const deadline = time.now() + limit;
  auto const first = co_await (std::move(op) || time.sleep_until(deadline));
  if (first.index() == 0) co_return std::get<0>(first);
  if (error_code const ec = std::get<1>(first)) co_return ec;
  co_return error_code(asio::error::timed_out);
}

}  // namespace corunner::net
