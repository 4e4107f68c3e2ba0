#pragma once

#include "net/http_client.hpp"
#include "net/task_group.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/memory_net.hpp"

#include <boost/asio/io_context.hpp>

#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace corunner::test {

struct scripted_peer;

// What a request came to.
struct fetched {
  error_code error;
  int status = 0;
  std::string body;
  net::http_fields fields;
  net::url final_url;
  bool done = false;  // false: still waiting
};

// A client on in-memory connections under manual time.
struct http_world {
  http_world();
  ~http_world();

  asio::io_context io;
  manual_time time;
  memory_dialer network;
  net::http_client client;
  std::vector<std::unique_ptr<net::listener>> listeners;
  std::vector<std::unique_ptr<scripted_peer>> peers;
  std::list<fetched> started;
  net::task_group children;

  void spawn(awaitable<void> work) { children.spawn(std::move(work)); }
  net::http_request get(std::string const& target) const;
  net::http_request post(std::string const& target, std::string body) const;
  // Starts a scripted peer at host:port.
  scripted_peer& script(std::string const& host, std::uint16_t port,
                        std::vector<std::vector<std::string>> connections);
  // Sends and reads the whole body; for those that end without time passing.
  fetched fetch(net::http_request request);
  // The same, to be looked at later; the result lives as long as the world.
  fetched const& start(net::http_request request);
  void settle();
  void advance(net::time_source::duration by);
};

// A server that answers with fixed bytes: for each connection in turn a list of replies, each sent
// when a whole request has arrived; then it closes. A reply that ends with "..." keeps the
// connection open until the client ends it; an empty one is none.
struct scripted_peer {
  std::vector<std::string> received;  // every request as it came
  std::size_t accepted = 0;

  awaitable<void> serve(net::listener& at, std::vector<std::vector<std::string>> connections,
                        net::task_group& children);

 private:
  awaitable<void> answer(std::unique_ptr<net::stream> wire, std::vector<std::string> replies);
};

// A client by hand: what it sends is up to the test, what comes back is collected.
class raw_client {
 public:
  raw_client(http_world& world, std::string const& host, std::uint16_t port);
  ~raw_client();
  raw_client(raw_client const&) = delete;
  raw_client& operator=(raw_client const&) = delete;

  void send(std::string const& text);
  void close() { wire_->close(); }
  void end_writing();
  // What has come since the last call.
  std::string take() { return std::exchange(received_, {}); }
  bool ended() const { return ended_; }

 private:
  awaitable<void> collect();

  http_world& world_;
  std::unique_ptr<net::stream> wire_;
  std::string received_;
  bool ended_ = false;
};

}  // namespace corunner::test
