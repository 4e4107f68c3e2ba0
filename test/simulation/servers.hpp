#pragma once

#include "net/http_server.hpp"
#include "test/simulation/gitlab.hpp"
#include "test/support/memory_net.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace corunner::simulation {

// Whether a server can be reached.
enum class presence {
  there,
  refuses,      // connections are refused; those that were there broke
  stalls,       // connections are made, and no request is answered
  unreachable,  // connections are neither made nor refused, and no request is answered
};

// One GitLab with its address, and the network in front of it.
class server {
 public:
  struct parts {
    asio::any_io_executor executor;
    net::time_source& time;
    chance& random;
    test::memory_dialer& network;
    fault_counts& counts;
  };

  // A calm one never misbehaves, and the network to it is without fault. `number` counts from 0.
  server(parts with, std::size_t number, bool calm, net::task_group& tasks);

  void become(presence what);
  // Never to be reached again: no job of it has to end.
  void go_for_good(presence how);
  void stop();

  test::dial_plan plan();

  std::string const& host() const { return host_; }
  presence now() const { return presence_; }
  bool calm() const { return calm_; }
  bool gone_for_good() const { return for_good_; }
  // Since when it can be reached.
  net::time_source::time_point there_since() const { return there_since_; }

  gitlab_world gitlab;
  std::function<void(std::string const&)> failed;

 private:
  awaitable<void> handle(net::http_exchange& exchange);

  parts with_;
  std::string host_;
  bool calm_;
  presence presence_ = presence::there;
  bool for_good_ = false;
  net::time_source::time_point there_since_{};
  net::event back_;
  net::http_server http_;
  std::unique_ptr<net::listener> listener_;
};

// The servers of one world: 1 to 4.
class servers {
 public:
  servers(server::parts with, net::task_group& tasks);

  std::vector<std::unique_ptr<server>> const& all() const { return all_; }
  // Where jobs come from and ends are expected.
  std::vector<server*> lasting() const;
  bool all_ended() const;
  // How many jobs have ended.
  std::size_t ended() const;
  std::size_t held_polls() const;
  void each_job(
      std::function<void(server&, std::int64_t, gitlab_world::job const&)> const& see) const;

 private:
  std::vector<std::unique_ptr<server>> all_;
};

}  // namespace corunner::simulation
