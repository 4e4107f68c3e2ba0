#include "net/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/multiple_exceptions.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace corunner::net {

struct task_group::child {
  asio::cancellation_signal cancel;
  bool started = false;
};

task_group::task_group(asio::any_io_executor executor)
    : executor_(executor), idle_(std::move(executor)) {
  idle_.set();
}

task_group::~task_group() {
  if (!children_.empty()) std::terminate();  // the owner forgot to join
}

void task_group::spawn(awaitable<void> work) {
  auto const where = children_.insert(children_.end(), std::make_unique<child>());
  idle_.reset();
  auto const slot = (*where)->cancel.slot();
  asio::co_spawn(executor_, begin(where->get(), std::move(work)),
                 asio::bind_cancellation_slot(slot, [this, where](std::exception_ptr failure) {
                   ended(where, std::move(failure));
                 }));
}

// co_spawn lets an exception escape into the loop when its signal is emitted before the coroutine
// has begun, so a child that is cancelled that early is not signalled but never starts its work.
awaitable<void> task_group::begin(child* self, awaitable<void> work) {
  self->started = true;
  if (!cancelled_) co_await std::move(work);
}

void task_group::cancel() {
  cancelled_ = true;
  // A child may end, and so leave the list, while its signal is emitted.
  for (auto next = children_.begin(); next != children_.end();) {
    auto const current = next++;
    if ((*current)->started) (*current)->cancel.emit(asio::cancellation_type::terminal);
  }
}

awaitable<void> task_group::join() {
  auto executor = co_await asio::this_coro::executor;
  while (!children_.empty()) {
    if (error_code const ec = co_await idle_.wait()) {
      // The owner was cancelled while it waits: its children go first, then it does.
      co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
      cancel();
    }
  }
  if (first_failure_) std::rethrow_exception(std::exchange(first_failure_, nullptr));
}

void task_group::ended(std::list<std::unique_ptr<child>>::iterator which,
                       std::exception_ptr failure) {
  if (failure && !first_failure_ && !is_cancellation(failure)) first_failure_ = std::move(failure);
  // The signal is still being walked when a cancelled child ends at once: free it later.
  auto done = std::move(*which);
  children_.erase(which);
  if (children_.empty()) idle_.set();
  asio::post(executor_, [kept = std::move(done)] {});
}

bool is_cancellation(std::exception_ptr const& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (boost::system::system_error const& error) {
    return error.code() == asio::error::operation_aborted;
  } catch (asio::multiple_exceptions const& several) {
    return is_cancellation(several.first_exception());
  } catch (...) {
    return false;
  }
}

}  // namespace corunner::net
