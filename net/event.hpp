#pragma once

#include "net/asio.hpp"

#include <boost/asio/steady_timer.hpp>

namespace corunner::net {

// A flag that coroutines wait for: set() wakes every waiter and later waits return at once, until
// reset(). Any number of waiters; it must outlive them.
class event {
 public:
  explicit event(asio::any_io_executor executor);

  void set();
  void reset() { set_ = false; }
  bool is_set() const { return set_; }

  // No error once the event is set, operation_aborted when the waiter was cancelled. Never throws.
  awaitable<error_code> wait();

 private:
  asio::steady_timer timer_;
  bool set_ = false;
};

}  // namespace corunner::net
