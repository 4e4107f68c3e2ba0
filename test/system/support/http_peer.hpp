#pragma once

#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/sockets.hpp"
#include "test/net/real_world.hpp"
#include "test/system/support/event_loop.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace corunner::test {

// A server on loopback in the test itself, which may be away for a while: connections are refused
// then and those that were open have ended.
class http_peer {
 public:
  http_peer(event_loop& loop, net::http_handler handler,
            std::optional<test_authority::pair> tls = std::nullopt);
  ~http_peer();
  http_peer(http_peer const&) = delete;
  http_peer& operator=(http_peer const&) = delete;

  std::string url() const;
  std::uint16_t port() const { return port_; }
  void go_away();
  void come_back();

 private:
  event_loop& loop_;
  net::http_handler handler_;
  std::optional<test_authority::pair> tls_;
  std::uint16_t port_ = 0;
  std::unique_ptr<net::listener> plain_;
  std::optional<tls_listener> secured_;
  std::unique_ptr<net::http_server> server_;
  std::unique_ptr<net::task_group> children_;
};

// Stands between a runner and GitLab, notes what passes and disturbs it as the test says.
//
// Git, artifacts and the job API all pass when GitLab advertises url().
class gateway {
 public:
  struct passed {
    std::string method;
    std::string target;
    int status = 0;  // what the runner was told; 0: nothing
    std::string request_body;
    std::string response_body;
  };
  // What becomes of a request: nothing special, another answer, or the end of the connection,
  // before or after GitLab has seen it; and how long the answer is kept back.
  struct disturbance {
    int status = 0;
    bool drop = false;
    bool after = false;
    std::chrono::milliseconds keep_back{0};
  };

  explicit gateway(event_loop& loop, std::optional<test_authority::pair> tls = std::nullopt);

  std::string url() const { return peer_.url(); }
  std::uint16_t port() const { return peer_.port(); }
  void lead_to(std::string upstream) { upstream_ = std::move(upstream); }
  void go_away() { peer_.go_away(); }
  void come_back() { peer_.come_back(); }

  std::function<disturbance(passed const&)> disturb;
  std::vector<passed> const& seen() const { return seen_; }
  // How many requests of that kind came, whatever the answer.
  std::size_t count(std::string const& method, std::string const& part_of_target) const;

 private:
  awaitable<void> handle(net::http_exchange& exchange);

  net::time_source& time_;
  net::socket_dialer dialer_;
  net::http_client client_;
  std::string upstream_;
  std::vector<passed> seen_;
  http_peer peer_;
};

}  // namespace corunner::test
