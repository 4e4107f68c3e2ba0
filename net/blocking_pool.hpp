#pragma once

#include "net/asio.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <variant>
#include <utility>

namespace corunner::net {

// A few threads for what would block the loop: files of unknown size, compression, SQLite,
// getpwnam. The threads start with the first work, so that a program that never needs them has one.
//
// Work that was started always runs to its end; cancelling the awaiting coroutine does not stop it.
// The destructor waits for the threads. With no threads the work runs at once, on the loop: for
// simulated worlds, where nothing may happen beside it.
class blocking_pool {
 public:
  explicit blocking_pool(unsigned threads = 2) : threads_(threads) {}
  ~blocking_pool();

  bool inline_work() const { return threads_ == 0; }
  asio::thread_pool::executor_type executor();

 private:
  unsigned threads_;
  std::optional<asio::thread_pool> pool_;
};

// Runs `work` on the pool and returns what it returned; an exception of `work` is rethrown here.
// `work` must own (or outlive-guarantee) everything it touches.
template <class Work>
auto on_pool(blocking_pool& pool, Work work) -> awaitable<std::invoke_result_t<Work>> {
  using value = std::invoke_result_t<Work>;
  if (pool.inline_work()) co_return work();
  struct outcome {
    std::exception_ptr failure;
    std::optional<std::conditional_t<std::is_void_v<value>, std::monostate, value>> returned;
  };
  auto const shared = std::make_shared<outcome>();
  auto const loop = co_await asio::this_coro::executor;
  co_await asio::async_initiate<asio::use_awaitable_t<> const, void()>(
      [&pool, loop, shared, &work](auto handler) {
        auto done = std::make_shared<decltype(handler)>(std::move(handler));
        asio::post(pool.executor(), [loop, shared, done, guard = asio::make_work_guard(loop),
                                     job = std::move(work)]() mutable {
          try {
            if constexpr (std::is_void_v<value>) {
              job();
            } else {
              shared->returned.emplace(job());
            }
          } catch (...) {
            shared->failure = std::current_exception();
          }
          asio::post(loop, [done = std::move(done)] { std::move (*done)(); });
        });
      },
      asio::use_awaitable);
  if (shared->failure) std::rethrow_exception(shared->failure);
  if constexpr (!std::is_void_v<value>) co_return std::move(*shared->returned);
}

}  // namespace corunner::net
