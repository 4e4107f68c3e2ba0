#pragma once

#include "net/asio.hpp"
#include "net/event.hpp"

#include <exception>
#include <list>
#include <memory>

namespace corunner::net {

// A nursery: owns spawned coroutines until each has ended.
//
// Declare it as the last member of its class, so that its children die before what they use, and
// join it before it is destroyed: the destructor terminates the program when a child is alive.
// Spawned coroutines take their arguments by value. Single-threaded, like everything on the loop.
class task_group {
 public:
  explicit task_group(asio::any_io_executor executor);
  ~task_group();
  task_group(task_group const&) = delete;
  task_group& operator=(task_group const&) = delete;

  // Starts `work` on the group's executor, with a cancellation signal of its own. A child that is
  // cancelled before its first step, or spawned after cancel(), is dropped without running.
  void spawn(awaitable<void> work);

  // Emits terminal cancellation to every child; does not wait.
  void cancel();

  // Returns when no child is left; rethrows the first failure that was not a cancellation.
  awaitable<void> join();

  bool empty() const { return children_.empty(); }
  std::size_t size() const { return children_.size(); }

 private:
  struct child;
  awaitable<void> begin(child* self, awaitable<void> work);
  void ended(std::list<std::unique_ptr<child>>::iterator which, std::exception_ptr failure);

  asio::any_io_executor executor_;
  std::list<std::unique_ptr<child>> children_;
  std::exception_ptr first_failure_;
  event idle_;
  bool cancelled_ = false;
};

// True for the exceptions that only say "this coroutine was cancelled".
bool is_cancellation(std::exception_ptr const& failure);

}  // namespace corunner::net
