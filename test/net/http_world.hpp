#pragma once

#include "net/http_client.hpp"
#include "net/task_group.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/memory_net.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <string>
#include <vector>

namespace corunner::test {

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
  net::task_group children;

  void spawn(awaitable<void> work) { children.spawn(std::move(work)); }
  net::http_request get(std::string const& target) const;
  net::http_request post(std::string const& target, std::string body) const;
  // Sends and reads the whole body; for those that end without time passing.
  fetched fetch(net::http_request request);
  // The same, to be looked at later.
  void start(net::http_request request, fetched& into);
  void settle();
  void advance(net::time_source::duration by);
};

// A server that answers with fixed bytes: for each connection in turn a list of replies, each sent
// when a whole request (head and Content-Length body) has arrived; then it closes. A reply "..."
// keeps the connection open without an answer.
struct scripted_peer {
  std::vector<std::string> received;
  std::size_t accepted = 0;

  awaitable<void> serve(net::listener& at, std::vector<std::vector<std::string>> connections);
};

}  // namespace corunner::test
