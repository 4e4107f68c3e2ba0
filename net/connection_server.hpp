#pragma once

#include "net/event.hpp"
#include "net/stream.hpp"
#include "net/task_group.hpp"
#include "net/time_source.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace corunner::net {

// Accepts connections and owns the coroutine that serves each: what servers of all protocols share.
//
// Before it is destroyed: serve() must have ended, and drain() if there were connections.
class connection_server {
 public:
  // Serves one connection to its end; to end soon once stopping() is set.
  using session = std::function<awaitable<void>(std::unique_ptr<stream>)>;

  // At most `most` connections at a time: who comes then waits to be accepted.
  connection_server(asio::any_io_executor executor, time_source& time, std::size_t most,
                    session run);

  // Accepts until stop() or the listener is closed, then closes it; several may be served at once.
  awaitable<void> serve(listener& at);

  void stop() { stopping_.set(); }
  event& stopping() { return stopping_; }
  // After stop(): waits for the sessions, at most `limit`, then cancels what is left.
  awaitable<void> drain(std::chrono::milliseconds limit);

  std::size_t connections() const { return sessions_.size(); }

 private:
  awaitable<void> run(std::unique_ptr<stream> wire);

  time_source& time_;
  std::size_t most_;
  session run_;
  event stopping_;
  event changed_;  // a session is about to end
  task_group sessions_;
};

}  // namespace corunner::net
