#include "net/http_server.hpp"

#include "net/connection_server.hpp"
#include "net/http_session.hpp"

namespace corunner::net {

struct http_server::state {
  state(asio::any_io_executor loop, time_source& time, http_handler what, http_server_limits bounds,
        std::function<void(std::string const&)> const& failed)
      : executor(loop),
        handler(std::move(what)),
        limits(bounds),
        connections(loop, time, limits.connections,
                    [this](std::unique_ptr<stream> wire) { return serve(std::move(wire)); }),
        context{time, limits, handler, failed, connections.stopping()} {}

  asio::any_io_executor executor;
  http_handler handler;
  http_server_limits limits;
  connection_server connections;
  http_session_context context;

  awaitable<void> serve(std::unique_ptr<stream> wire) {
    http_session session(std::move(wire), context, executor);
    co_await session.run();
  }
};

http_server::http_server(asio::any_io_executor executor, time_source& time, http_handler handler,
                         http_server_limits limits)
    : state_(
          std::make_unique<state>(std::move(executor), time, std::move(handler), limits, failed)) {}

http_server::~http_server() = default;

awaitable<void> http_server::serve(listener& at) { return state_->connections.serve(at); }

void http_server::stop() { state_->connections.stop(); }

awaitable<void> http_server::drain(std::chrono::milliseconds limit) {
  return state_->connections.drain(limit);
}

std::size_t http_server::connections() const { return state_->connections.connections(); }

}  // namespace corunner::net
