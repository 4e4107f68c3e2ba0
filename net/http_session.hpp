#pragma once

#include "net/event.hpp"
#include "net/http_inbox.hpp"
#include "net/http_parser.hpp"
#include "net/http_server.hpp"

#include <exception>
#include <functional>
#include <memory>
#include <string>

namespace corunner::net {

// What all sessions of a server share; the server keeps it alive.
struct http_session_context {
  time_source& time;
  http_server_limits const& limits;
  http_handler const& handler;
  std::function<void(std::string const&)> const& failed;
  event& stopping;
};

// One connection of the server, from its first request to its end.
class http_session {
 public:
  http_session(std::unique_ptr<stream> wire, http_session_context context,
               asio::any_io_executor executor);

  awaitable<void> run();

 private:
  awaitable<std::exception_ptr> serve();
  awaitable<void> serve_requests();
  awaitable<bool> wait_request();
  awaitable<error_code> read_head(http_parser& request);
  awaitable<bool> answer(http_parser& request);
  awaitable<void> refuse(int status);

  std::unique_ptr<stream> wire_;
  http_session_context context_;
  asio::any_io_executor executor_;
  http_inbox inbox_;
};

}  // namespace corunner::net
