#pragma once

#include "net/http_client.hpp"
#include "net/stream.hpp"

#include <list>
#include <memory>
#include <string>

namespace corunner::net {

// Which connections are interchangeable: those to one peer with one way of trusting it.
std::string peer_key(dial_target const& target);

// The idle connections of one http_client, oldest first.
//
// While any is idle, one coroutine sleeps until the oldest is due; with an empty pool nothing is
// waiting. It holds the pool weakly and ends when the pool closes or empties.
struct http_client::pool : std::enable_shared_from_this<http_client::pool> {
  pool(dialer& connections, time_source& time, options how)
      : connections_(connections), time_(time), how_(std::move(how)), swept_(time.now()) {}

  dialer& connections() { return connections_; }
  time_source& time() { return time_; }
  options const& how() const { return how_; }

  // An idle connection that still seems alive, or none.
  std::unique_ptr<stream> take(std::string const& key);
  // Keeps `wire` for the next request, or closes it when there are enough (or the pool has closed).
  void give(std::string key, std::unique_ptr<stream> wire, asio::any_io_executor const& executor);
  void close_idle();
  void set_max_age(std::chrono::milliseconds age) { how_.connection_max_age = age; }
  // Nothing is kept from now on.
  void close();
  std::size_t idle() const { return idle_.size(); }

 private:
  struct idle_connection {
    std::string key;
    std::unique_ptr<stream> wire;
    time_source::time_point since;
  };
  struct sweeper;

  void drop_expired();
  void start_sweeper(asio::any_io_executor const& executor);
  void stop_sweeper();
  static awaitable<void> sweep(std::weak_ptr<pool> home, time_source& time,
                               std::shared_ptr<sweeper> self);

  dialer& connections_;
  time_source& time_;
  options how_;
  std::list<idle_connection> idle_;
  std::shared_ptr<sweeper> sweeper_;
  bool closed_ = false;
  time_source::time_point swept_;  // when connection_max_age was last applied
};

}  // namespace corunner::net
