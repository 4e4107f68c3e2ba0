#pragma once

#include "net/event.hpp"
#include "net/http2/server.hpp"
#include "test/net/http_world.hpp"
#include "test/support/settle.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace corunner::test {

// A server at h:80. It echoes; `/held` waits for `go`, `/broken` throws.
struct http2_world : http_world {
  explicit http2_world(net::http2_server_limits limits = {})
      : server(io.get_executor(), time,
               [this](net::http2_request request) { return handle(std::move(request)); }, limits),
        listener(network.listen("h", 80)),
        go(io.get_executor()) {
    server.failed = [this](std::string const& text) { failures.push_back(text); };
    spawn(server.serve(*listener));
    settle();
  }
  ~http2_world() {
    server.stop();
    run_to_end(io, server.drain(std::chrono::seconds(0)));
  }

  net::http2_server server;
  std::unique_ptr<net::listener> listener;
  net::event go;
  int cancelled = 0;
  std::vector<std::string> failures;

 private:
  awaitable<net::http2_response> handle(net::http2_request request) {
    if (request.path == "/broken") throw std::runtime_error("it broke");
    if (request.path == "/held" && co_await go.wait()) ++cancelled;
    net::http2_response response;
    response.fields.add("X-Method", request.method);
    response.fields.add("x-given", request.fields.get("x-given"));
    response.body = request.body_too_large ? "too large" : std::move(request.body);
    if (request.path == "/trailed") response.trailers.add("x-last", "end");
    co_return response;
  }
};

}  // namespace corunner::test
