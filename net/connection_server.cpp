#include "net/connection_server.hpp"

#include "net/with_timeout.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <utility>

namespace corunner::net {

using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

connection_server::connection_server(asio::any_io_executor executor, time_source& time,
                                     std::size_t most, session run)
    : time_(time),
      most_(most),
      run_(std::move(run)),
      stopping_(executor),
      changed_(executor),
      sessions_(executor) {}

awaitable<void> connection_server::serve(listener& at) {
  while (!stopping_.is_set()) {
    if (sessions_.size() >= most_) {
      changed_.reset();
      co_await (changed_.wait() || stopping_.wait());
      continue;
    }
    auto first = co_await (at.accept() || stopping_.wait());
    if (first.index() == 1) break;
    auto accepted = std::get<0>(std::move(first));
    if (accepted) {
      sessions_.spawn(run(std::move(*accepted)));
    } else if (accepted.error() == asio::error::operation_aborted) {
      break;
    } else {
      // Out of descriptors, most likely: what is open must end before more can come.
      if (co_await time_.sleep_for(100ms)) break;
    }
  }
  at.close();
}

awaitable<void> connection_server::run(std::unique_ptr<stream> wire) {
  struct announcer {
    event& changed;
    ~announcer() { changed.set(); }
  } const at_end{changed_};
  co_await run_(std::move(wire));
}

awaitable<void> connection_server::drain(std::chrono::milliseconds limit) {
  auto const until = time_.now() + limit;
  while (!sessions_.empty() && time_.now() < until) {
    changed_.reset();
    if (co_await with_timeout(time_, until - time_.now(), changed_.wait())) break;
  }
  // Also when we are cancelled ourselves: no session may outlive us.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  sessions_.cancel();
  co_await sessions_.join();
}

}  // namespace corunner::net
