#pragma once

#include "net/event.hpp"
#include "net/time_source.hpp"

#include <map>
#include <memory>

namespace corunner::test {

// Time that moves only when the test says so.
//
// Sleeping coroutines wake in order of their deadlines, those of one deadline in the order in which
// they began to wait. Run the loop (settle) after advance: waking is posted, not run inside it.
class manual_time final : public net::time_source {
 public:
  explicit manual_time(asio::any_io_executor executor);

  time_point now() const override { return now_; }
  wall_time wall_now() const override;
  awaitable<error_code> sleep_until(time_point when) override;

  // Moves time to `by` later and wakes what is due.
  void advance(duration by);

  // The deadline that comes first; time_point::max() when nothing sleeps.
  time_point next_deadline() const;
  std::size_t sleepers() const { return sleepers_->size(); }

 private:
  asio::any_io_executor executor_;
  time_point now_{};
  // Shared with the sleeping frames: the loop may destroy them after the time is gone.
  using sleeper_map = std::multimap<time_point, net::event*>;
  std::shared_ptr<sleeper_map> sleepers_ = std::make_shared<sleeper_map>();
};

}  // namespace corunner::test
