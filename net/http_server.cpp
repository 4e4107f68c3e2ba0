#include "net/http_server.hpp"

#include "net/event.hpp"
#include "net/http_session.hpp"
#include "net/with_timeout.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace corunner::net {

using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

struct http_server::state {
  state(asio::any_io_executor loop, time_source& clock, http_handler what, http_server_limits bounds)
      : executor(loop),
        time(clock),
        handler(std::move(what)),
        limits(bounds),
        stopping(loop),
        changed(loop),
        sessions(loop) {}

  asio::any_io_executor executor;
  time_source& time;
  http_handler handler;
  http_server_limits limits;
  event stopping;
  event changed;  // a session is about to end
  task_group sessions;

  bool full() const { return sessions.size() >= limits.connections; }

  awaitable<void> serve(std::unique_ptr<stream> wire, http_session_context context) {
    struct announcer {
      event& changed;
      ~announcer() { changed.set(); }
    } const at_end{changed};
    http_session session(std::move(wire), context, executor);
    co_await session.run();
  }
};

http_server::http_server(asio::any_io_executor executor, time_source& time, http_handler handler,
                         http_server_limits limits)
    : state_(std::make_unique<state>(std::move(executor), time, std::move(handler), limits)) {}

http_server::~http_server() = default;

awaitable<void> http_server::serve(listener& at) {
  auto& s = *state_;
  http_session_context const context{s.time, s.limits, s.handler, failed, s.stopping};
  while (!s.stopping.is_set()) {
    if (s.full()) {
      s.changed.reset();
      co_await (s.changed.wait() || s.stopping.wait());
      continue;
    }
    auto first = co_await (at.accept() || s.stopping.wait());
    if (first.index() == 1) break;
    auto accepted = std::get<0>(std::move(first));
    if (accepted) {
      s.sessions.spawn(s.serve(std::move(*accepted), context));
    } else if (accepted.error() == asio::error::operation_aborted) {
      break;
    } else {
      // Out of descriptors, most likely: what is open must end before more can come.
      if (co_await s.time.sleep_for(100ms)) break;
    }
  }
  at.close();
}

void http_server::stop() { state_->stopping.set(); }

awaitable<void> http_server::drain(std::chrono::milliseconds limit) {
  auto& s = *state_;
  auto const until = s.time.now() + limit;
  while (!s.sessions.empty() && s.time.now() < until) {
    s.changed.reset();
    if (co_await with_timeout(s.time, until - s.time.now(), s.changed.wait())) break;
  }
  // Also when we are cancelled ourselves: no session may outlive us.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  s.sessions.cancel();
  co_await s.sessions.join();
}

std::size_t http_server::connections() const { return state_->sessions.size(); }

}  // namespace corunner::net
