#pragma once

#include "net/asio.hpp"

#include <chrono>

namespace corunner::net {

// What time it is, and waiting for it.
//
// Everything that waits takes a time_source, so that a test owns time
// (test/support/manual_time.hpp). `now` is monotonic and for deadlines only; `wall_now` is the
// calendar and may jump.
class time_source {
 public:
  using duration = std::chrono::steady_clock::duration;
  using time_point = std::chrono::steady_clock::time_point;
  using wall_time = std::chrono::system_clock::time_point;

  virtual ~time_source() = default;

  virtual time_point now() const = 0;
  virtual wall_time wall_now() const = 0;

  // Ends with no error when `when` has come, with operation_aborted when cancelled. Never throws.
  virtual awaitable<error_code> sleep_until(time_point when) = 0;

  awaitable<error_code> sleep_for(duration length);
};

// The machine's clocks; sleeps on the executor of the coroutine that awaits.
class real_time final : public time_source {
 public:
  time_point now() const override;
  wall_time wall_now() const override;
  awaitable<error_code> sleep_until(time_point when) override;
};

}  // namespace corunner::net
