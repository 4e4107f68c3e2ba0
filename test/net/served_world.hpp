#pragma once

#include "net/event.hpp"
#include "net/http_server.hpp"
#include "test/net/http_world.hpp"
#include "test/support/settle.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace corunner::test {

// Answers with what it was asked.
inline awaitable<void> echo(net::http_exchange& exchange) {
  auto const body = co_await exchange.read_all(1 << 20);
  auto text = exchange.method + ' ' + exchange.path + '?' + exchange.query + '\n' +
              (body ? *body : body.error().message());
  net::http_fields fields{{"Content-Type", "text/plain"}};
  co_await exchange.respond(200, std::move(fields), std::move(text));
}

// A server at h:80 in memory.
struct served_world : http_world {
  explicit served_world(net::http_handler handler, net::http_server_limits limits = {})
      : server(io.get_executor(), time, std::move(handler), limits),
        listener(network.listen("h", 80)) {
    server.failed = [this](std::string const& text) { failures.push_back(text); };
    spawn(server.serve(*listener));
    settle();
  }
  ~served_world() { end(); }
  void end() {
    server.stop();
    run_to_end(io, server.drain(std::chrono::seconds(0)));
  }
  net::http_server server;
  std::unique_ptr<net::listener> listener;
  std::vector<std::string> failures;
};

// Its handler waits for an event of the test, and counts how it ended.
struct held_world : served_world {
  held_world() : served_world([this](net::http_exchange& exchange) { return handle(exchange); }) {}
  ~held_world() { end(); }

  net::event go{io.get_executor()};
  int entered = 0;
  int cancelled = 0;

 private:
  awaitable<void> handle(net::http_exchange& exchange) {
    ++entered;
    if (co_await go.wait()) {
      ++cancelled;
      co_return;
    }
    co_await exchange.respond(200, {}, "late");
  }
};

}  // namespace corunner::test
