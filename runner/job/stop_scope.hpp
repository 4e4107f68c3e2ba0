#pragma once

#include "net/asio.hpp"
#include "net/event.hpp"
#include "net/time_source.hpp"

#include <vector>

namespace corunner {

// How long a part of a job may go on: until it is stopped or its deadline has come, or those of the
// part that it belongs to. The parent outlives it.
class stop_scope {
 public:
  using time_point = net::time_source::time_point;
  using duration = net::time_source::duration;

  // The whole.
  stop_scope(asio::any_io_executor executor, net::time_source& time);
  // A part of `parent`.
  explicit stop_scope(stop_scope& parent);
  ~stop_scope();
  stop_scope(stop_scope const&) = delete;
  stop_scope& operator=(stop_scope const&) = delete;

  // The clock of this scope starts now.
  void end_after(duration length);
  void stop();

  bool stopped() const { return stopped_.is_set(); }
  bool late() const;
  bool ended() const { return stopped() || late(); }

  duration time_left() const;
  // Returns when the scope has ended, or when the caller was cancelled.
  awaitable<error_code> wait();

 private:
  asio::any_io_executor executor_;
  net::time_source& time_;
  stop_scope* parent_ = nullptr;
  std::vector<stop_scope*> parts_;
  time_point deadline_ = time_point::max();
  net::event stopped_;
};

}  // namespace corunner
