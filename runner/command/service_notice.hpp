#pragma once

#include "config/file.hpp"
#include "net/time_source.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace corunner {

// The service manager that started this process, if it asked to be told how it goes: systemd with
// Type=notify or WatchdogSec=. Wire: sd_notify(3); a datagram of NAME=VALUE lines to the unix
// socket that NOTIFY_SOCKET names ("@..." is an abstract one), WATCHDOG_USEC and WATCHDOG_PID.
// Nothing is sent, and nothing wakes up, when nobody asked.
class service_notice {
 public:
  // Takes the three variables out of the environment of this process, so that no job talks to the
  // service manager in our name.
  static service_notice of_process(config::environment const& variables);

  service_notice() = default;
  service_notice(std::string socket, std::optional<std::chrono::microseconds> watchdog)
      : socket_(std::move(socket)), watchdog_(watchdog) {}

  bool wanted() const { return !socket_.empty(); }
  // How long we may be silent before we are taken for dead.
  std::optional<std::chrono::microseconds> watchdog() const { return watchdog_; }

  // Never waits; a manager that does not listen misses it.
  void tell(std::string_view state) const;
  void ready(std::string_view status) const;
  void stopping(std::string_view status) const;

 private:
  std::string socket_;
  std::optional<std::chrono::microseconds> watchdog_;
};

// Shows life twice per watchdog period for as long as `lives` says so; ends at once without a
// watchdog, else runs until cancelled.
awaitable<void> feed_watchdog(service_notice const& notice, net::time_source& time,
                              std::function<bool()> lives);

}  // namespace corunner
