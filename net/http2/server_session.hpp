#pragma once

#include "net/event.hpp"
#include "net/http2/server.hpp"
#include "net/http2/server_protocol.hpp"
#include "net/http_inbox.hpp"
#include "net/task_group.hpp"

#include <exception>
#include <map>
#include <memory>
#include <string>

namespace corunner::net {

// What all sessions of a server share; the server keeps it alive.
struct http2_session_context {
  time_source& time;
  http2_server_limits const& limits;
  http2_handler const& handler;
  std::function<void(std::string const&)> const& failed;
  event& stopping;
};

// One connection of the server: moves the bytes of its protocol, runs a handler for each request,
// and holds everybody to the deadlines.
//
// Reads at most a buffer ahead, and nothing while the peer does not take what it is sent.
class http2_server_session {
 public:
  http2_server_session(std::unique_ptr<stream> wire, http2_session_context context,
                       asio::any_io_executor executor);

  // To the end of the connection. Every handler has ended then, also after a cancel.
  awaitable<void> run();

 private:
  using time_point = time_source::time_point;
  // A stream since its phase last changed.
  struct watched {
    explicit watched(asio::any_io_executor executor) : gone(executor) {}
    http2_server_protocol::phase now{};
    time_point since;
    event gone;  // the stream has ended
  };

  awaitable<error_code> serve();
  error_code take_input();
  void start_handlers();
  awaitable<void> handle(http2_request request, std::shared_ptr<watched> stream);
  awaitable<error_code> flush();
  void watch_streams();
  void end_overdue();
  void stop_asking();
  time_point deadline_of(watched const& stream) const;
  time_point next_deadline() const;
  awaitable<error_code> wait_for_events();
  awaitable<error_code> wait_for_stop();

  std::unique_ptr<stream> wire_;
  http2_session_context context_;
  asio::any_io_executor executor_;
  http_inbox inbox_;
  http2_server_protocol protocol_;
  std::map<std::int32_t, std::shared_ptr<watched>> streams_;
  time_point quiet_since_;  // no stream was open
  bool stopped_ = false;    // the peer was asked for no more requests
  event answered_;
  event never_;
  task_group handlers_;
};

}  // namespace corunner::net
