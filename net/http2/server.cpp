#include "net/http2/server.hpp"

#include "net/http2/server_session.hpp"

#include <utility>

namespace corunner::net {

http2_server::http2_server(asio::any_io_executor executor, time_source& time, http2_handler handler,
                           http2_server_limits limits)
    : executor_(executor),
      time_(time),
      handler_(std::move(handler)),
      limits_(limits),
      connections_(executor, time, limits.connections,
                   [this](std::unique_ptr<stream> wire) { return run(std::move(wire)); }) {}

awaitable<void> http2_server::run(std::unique_ptr<stream> wire) {
  http2_session_context const context{time_, limits_, handler_, failed, connections_.stopping()};
  http2_server_session session(std::move(wire), context, executor_);
  co_await session.run();
}

}  // namespace corunner::net
