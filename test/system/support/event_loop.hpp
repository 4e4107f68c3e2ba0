#pragma once

#include "net/asio.hpp"
#include "net/time_source.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <optional>

namespace corunner::test {

// For whatever a healthy program does at all, on a loaded machine, with sanitizers. Nothing waits
// so long when all is well.
inline constexpr std::chrono::seconds patience{240};

// The loop of a system test: output of processes, their ends and the requests that our own servers
// get are handled while the test waits for something.
class event_loop {
 public:
  asio::io_context io{1};
  net::real_time time;

  // Handles events until `done`, which is asked after each of them; false when `limit` passed
  // first.
  bool run_until(std::function<bool()> const& done, std::chrono::milliseconds limit = patience);
  // Handles events for that long. Only for tests that show that something does not happen.
  void run_for(std::chrono::milliseconds span);

  // Runs `work` to its end and returns what it returned.
  template <class T>
  T run(awaitable<T> work) {
    std::optional<T> value;
    std::exception_ptr failure;
    asio::co_spawn(io, std::move(work), [&](std::exception_ptr why, T got) {
      failure = why;
      value.emplace(std::move(got));
    });
    REQUIRE(run_until([&] { return value.has_value(); }));
    if (failure) std::rethrow_exception(failure);
    return std::move(*value);
  }
};

}  // namespace corunner::test
