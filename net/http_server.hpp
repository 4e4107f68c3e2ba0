#pragma once

#include "net/http_message.hpp"
#include "net/stream.hpp"
#include "net/task_group.hpp"
#include "net/time_source.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace corunner::net {

struct http_server_limits {
  std::size_t header = 64 * 1024;
  std::size_t connections = 4096;
  std::chrono::milliseconds header_time{30'000};  // for a whole request header
  std::chrono::milliseconds idle{75'000};         // between two requests
  std::chrono::milliseconds body_idle{60'000};    // without a byte in a body
};

// One request and the answer to it, as a handler sees it. Answer exactly once: respond(), or
// begin(), any number of write(), finish(); no answer becomes a 500. What is left of the request
// body is read away (up to a bound). HEAD is answered like GET: the body is left out here.
class http_exchange {
 public:
  virtual ~http_exchange() = default;

  std::string method;
  std::string target;  // as sent: path and query
  std::string path;    // not decoded
  std::string query;
  http_fields fields;
  std::string peer;

  // A part of the request body; 0 is its end.
  virtual awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) = 0;
  // The rest of it; errc::body_too_large past `limit`.
  virtual awaitable<result<std::string>> read_all(std::size_t limit) = 0;

  virtual awaitable<error_code> respond(int status, http_fields answer, std::string body) = 0;
  // A missing length means chunked transfer.
  virtual awaitable<error_code> begin(int status, http_fields answer,
                                      std::optional<std::uint64_t> length) = 0;
  virtual awaitable<error_code> write(std::string_view bytes) = 0;
  virtual awaitable<error_code> finish() = 0;

  // Ends the connection instead of answering (a test's peer that goes away).
  virtual void drop() = 0;
  virtual bool answered() const = 0;
};

// Called once a request's header is there. What it throws becomes a 500 and is given to `failed`.
using http_handler = std::function<awaitable<void>(http_exchange&)>;

// A small HTTP/1.1 server: keep-alive, chunked both ways, limits, graceful stop.
//
// A peer that leaves while its request is worked on cancels the handler, unless the answer has
// begun. Before it is destroyed: serve() must have ended, and drain() if there were connections.
class http_server {
 public:
  http_server(asio::any_io_executor executor, time_source& time, http_handler handler,
              http_server_limits limits = {});
  ~http_server();

  // Told about a handler's exception (method, target, what()).
  std::function<void(std::string const&)> failed;

  // Accepts until stop() or the listener is closed, then closes it; several may be served at once.
  awaitable<void> serve(listener& at);

  // No new connections; idle ones close, exchanges in progress go on.
  void stop();
  // After stop(): waits for the exchanges in progress, at most `limit`, then cancels what is left.
  awaitable<void> drain(std::chrono::milliseconds limit);

  std::size_t connections() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace corunner::net
