#pragma once

#include "net/asio.hpp"
#include "net/blocking_pool.hpp"
#include "net/event.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace corunner::exec {

// Work that runs on a pool ahead of the one who wants its results, which come in the order of
// start().
//
// The owner bounds how much is in work by asking size(). Destroying it drops what was not fetched;
// work that runs ends by itself and must own what it touches. Lives on the loop; the pool must be
// destroyed (that waits for its threads) before the loop is.
template <class Value>
class ahead {
 public:
  ahead(asio::any_io_executor loop, net::blocking_pool& pool)
      : loop_(std::move(loop)), pool_(pool) {}

  std::size_t size() const { return waiting_.size(); }
  bool empty() const { return waiting_.empty(); }
  void clear() { waiting_.clear(); }

  template <class Work>
  void start(Work work) {
    auto made = std::make_shared<slot>(loop_);
    waiting_.push_back(made);
    asio::post(pool_.executor(), [made, loop = loop_, guard = asio::make_work_guard(loop_),
                                  work = std::move(work)]() mutable {
      try {
        made->value.emplace(work());
      } catch (...) {
        made->failure = std::current_exception();
      }
      asio::post(loop, [made = std::move(made)] { made->done.set(); });
    });
  }

  // The oldest result; operation_aborted when cancelled. Rethrows what the work threw.
  awaitable<result<Value>> next() {
    auto const oldest = waiting_.front();
    waiting_.pop_front();
    if (auto const ec = co_await oldest->done.wait()) co_return ec;
    if (oldest->failure) std::rethrow_exception(oldest->failure);
    co_return std::move(*oldest->value);
  }

 private:
  struct slot {
    explicit slot(asio::any_io_executor const& loop) : done(loop) {}
    std::optional<Value> value;
    std::exception_ptr failure;
    net::event done;
  };

  asio::any_io_executor loop_;
  net::blocking_pool& pool_;
  std::deque<std::shared_ptr<slot>> waiting_;
};

}  // namespace corunner::exec
