#pragma once

#include "net/connection_server.hpp"
#include "net/http2/server_protocol.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace corunner::net {

struct http2_server_limits {
  http2_limits each;                                 // of one connection
  std::size_t connections = 16;
  std::chrono::milliseconds greeting{10'000};        // for the peer's preface
  std::chrono::milliseconds request{30'000};         // for one whole request, from its first byte
  std::chrono::milliseconds answer{30'000};          // that the peer takes to receive one
  std::chrono::milliseconds idle{10 * 60'000};       // of a connection without requests
};

// Called once a request is complete; cancelled when the peer takes it back or leaves. What it
// throws becomes a 500 and is given to `failed`.
using http2_handler = std::function<awaitable<http2_response>(http2_request)>;

// A server of HTTP/2 without TLS, whose peers know what they talk to (gRPC): whole requests in,
// whole answers out. An idle connection, and all when it is stopped, are ended by GOAWAY, after
// which peers finish what they began and come again by another connection.
//
// Before it is destroyed: serve() must have ended, and drain() if there were connections.
class http2_server {
 public:
  http2_server(asio::any_io_executor executor, time_source& time, http2_handler handler,
               http2_server_limits limits = {});

  // Told about a handler's exception (method, path, what()).
  std::function<void(std::string const&)> failed;

  // Accepts until stop() or the listener is closed, then closes it.
  awaitable<void> serve(listener& at) { return connections_.serve(at); }

  // No new connections and requests; those in progress go on.
  void stop() { connections_.stop(); }
  // After stop(): waits for them, at most `limit`, then cancels what is left.
  awaitable<void> drain(std::chrono::milliseconds limit) { return connections_.drain(limit); }

  std::size_t connections() const { return connections_.connections(); }

 private:
  awaitable<void> run(std::unique_ptr<stream> wire);

  asio::any_io_executor executor_;
  time_source& time_;
  http2_handler handler_;
  http2_server_limits limits_;
  connection_server connections_;
};

}  // namespace corunner::net
