#pragma once

#include "net/time_source.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <utility>
#include <variant>

namespace corunner::net {

// Ends `op` at the latest after `limit`: its result, or asio::error::timed_out (or
// operation_aborted when the caller was cancelled). `op` must report by value, not by exception.
template <class T>
awaitable<result<T>> with_timeout(time_source& time, time_source::duration limit,
                                  awaitable<result<T>> op) {
  using namespace asio::experimental::awaitable_operators;
  auto const deadline = time.now() + limit;
  auto first = co_await (std::move(op) || time.sleep_until(deadline));
  if (first.index() == 0) co_return std::get<0>(std::move(first));
  if (error_code const ec = std::get<1>(first)) co_return ec;
  co_return error_code(asio::error::timed_out);
}

// The same for an operation that reports an error_code alone.
awaitable<error_code> with_timeout(time_source& time, time_source::duration limit,
                                   awaitable<error_code> op);

}  // namespace corunner::net
