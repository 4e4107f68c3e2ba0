#include "net/http_pool.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <exception>

namespace corunner::net {

std::string peer_key(dial_target const& target) {
  auto where = target.unix_path.empty() ? fmt::format("{}:{}", target.host, target.port)
                                        : "unix:" + target.unix_path.string();
  if (target.tunnel) {
    auto const& via = *target.tunnel;
    where += fmt::format("\nvia {} {} {}:{}\n{}\n{}", static_cast<int>(via.how), via.secure,
                         via.host, via.port, via.user, via.password);
  }
  if (!target.tls) return where;
  return fmt::format("{}\ntls\n{}\n{}\n{}", where, target.tls->ca_file.string(),
                     target.tls->certificate_file.string(), target.tls->key_file.string());
}

struct http_client::pool::sweeper {
  asio::cancellation_signal cancel;
  bool started = false;
  bool stopped = false;
};

std::unique_ptr<stream> http_client::pool::take(std::string const& key) {
  drop_expired();
  std::unique_ptr<stream> found;
  // The youngest is the likeliest to be alive.
  for (auto next = idle_.end(); !found && next != idle_.begin();) {
    --next;
    if (next->key != key) continue;
    auto wire = std::move(next->wire);
    next = idle_.erase(next);
    if (wire->quiet()) found = std::move(wire);
  }
  if (idle_.empty()) stop_sweeper();
  return found;
}

void http_client::pool::give(std::string key, std::unique_ptr<stream> wire,
                             asio::any_io_executor const& executor) {
  if (closed_ || how_.idle_total == 0 || how_.idle_per_peer == 0 || !wire->quiet()) return;
  drop_expired();
  auto const same = [&key](idle_connection const& other) { return other.key == key; };
  auto const of_peer = std::count_if(idle_.begin(), idle_.end(), same);
  if (static_cast<std::size_t>(of_peer) >= how_.idle_per_peer) {
    idle_.erase(std::find_if(idle_.begin(), idle_.end(), same));
  } else if (idle_.size() >= how_.idle_total) {
    idle_.pop_front();
  }
  idle_.push_back({std::move(key), std::move(wire), time_.now()});
  start_sweeper(executor);
}

void http_client::pool::close_idle() {
  idle_.clear();
  stop_sweeper();
}

void http_client::pool::close() {
  closed_ = true;
  close_idle();
}

void http_client::pool::drop_expired() {
  auto const now = time_.now();
  if (how_.connection_max_age.count() != 0 && now - swept_ > how_.connection_max_age) {
    swept_ = now;
    idle_.clear();
  }
  while (!idle_.empty() && idle_.front().since + how_.idle_keep <= now) idle_.pop_front();
}

void http_client::pool::start_sweeper(asio::any_io_executor const& executor) {
  if (sweeper_) return;
  sweeper_ = std::make_shared<sweeper>();
  auto const self = sweeper_;
  auto work = sweep(weak_from_this(), time_, self);
  asio::co_spawn(executor, std::move(work),
                 asio::bind_cancellation_slot(self->cancel.slot(), [self](std::exception_ptr) {}));
}

void http_client::pool::stop_sweeper() {
  if (!sweeper_) return;
  auto const self = std::move(sweeper_);
  sweeper_ = nullptr;
  self->stopped = true;
  // A coroutine must not be signalled before its first step; this one looks at `stopped` then.
  if (self->started) self->cancel.emit(asio::cancellation_type::terminal);
}

awaitable<void> http_client::pool::sweep(std::weak_ptr<pool> home, time_source& time,
                                         std::shared_ptr<sweeper> self) {
  self->started = true;
  while (!self->stopped) {
    auto due = time_source::time_point::max();
    if (auto const open = home.lock()) {
      open->drop_expired();
      if (open->idle_.empty()) {
        open->sweeper_ = nullptr;
        co_return;
      }
      due = open->idle_.front().since + open->how_.idle_keep;
    } else {
      co_return;
    }
    if (co_await time.sleep_until(due)) co_return;
  }
}

}  // namespace corunner::net
