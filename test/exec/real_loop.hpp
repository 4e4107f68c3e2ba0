#pragma once

#include "net/asio.hpp"
#include "net/time_source.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>

namespace corunner::test {

// A loop with real time, for tests of real processes. Its guard ends a test that hangs.
class real_loop {
 public:
  asio::io_context io{1};
  net::real_time time;
  std::chrono::seconds patience{30};

  // Runs `work` to its end and returns what it returned; `cancel` may be emitted meanwhile.
  template <class T>
  T run(awaitable<T> work) {
    std::optional<T> value;
    std::exception_ptr failure;
    asio::co_spawn(io, std::move(work),
                   asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr e, T result) {
                     failure = e;
                     value.emplace(std::move(result));
                   }));
    io.restart();
    auto const limit = std::chrono::steady_clock::now() + patience;
    while (!value && std::chrono::steady_clock::now() < limit) {
      io.run_one_for(std::chrono::seconds(1));
    }
    if (failure) std::rethrow_exception(failure);
    if (!value) throw std::runtime_error("the test's coroutine hangs");
    return std::move(*value);
  }

  asio::cancellation_signal cancel;
};

}  // namespace corunner::test
