#include "net/http2/server_session.hpp"

#include "net/exception_text.hpp"
#include "net/linger.hpp"
#include "net/with_timeout.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace corunner::net {
namespace {

using namespace asio::experimental::awaitable_operators;

// What is read ahead of a connection: one frame of the usual size and its head.
constexpr std::size_t input_room = 16 * 1024 + 64;

struct handled {
  http2_response response;
  std::exception_ptr failure;
};

awaitable<handled> call(http2_handler const& handler, http2_request request) {
  handled done;
  try {
    done.response = co_await handler(std::move(request));
  } catch (...) {
    done.failure = std::current_exception();
  }
  co_return done;
}

}  // namespace

http2_server_session::http2_server_session(std::unique_ptr<stream> wire,
                                           http2_session_context context,
                                           asio::any_io_executor executor)
    : wire_(std::move(wire)),
      context_(context),
      executor_(executor),
      inbox_(executor, *wire_, input_room),
      protocol_(context.limits.each),
      quiet_since_(context.time.now()),
      answered_(executor),
      never_(executor),
      handlers_(executor) {}

awaitable<void> http2_server_session::run() {
  std::exception_ptr failure;
  try {
    co_await (serve() || inbox_.pump());
  } catch (...) {
    failure = std::current_exception();
  }
  wire_->close();
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  handlers_.cancel();
  co_await handlers_.join();
  if (failure && !is_cancellation(failure) && context_.failed) context_.failed(exception_text(failure));
}

awaitable<error_code> http2_server_session::serve() {
  while (true) {
    answered_.reset();
    if (error_code const ec = take_input()) co_return ec;
    if (context_.stopping.is_set()) stop_asking();
    watch_streams();
    end_overdue();
    start_handlers();
    if (error_code const ec = co_await flush()) co_return ec;
    watch_streams();  // an answer that has left ends its stream
    if (protocol_.over() || (stopped_ && streams_.empty())) {
      co_await linger(context_.time, *wire_, inbox_);
      co_return error_code();
    }
    if (error_code const ec = co_await wait_for_events()) co_return ec;
  }
}

error_code http2_server_session::take_input() {
  auto const bytes = inbox_.bytes();
  error_code const ec = bytes.empty() ? error_code() : protocol_.put(bytes);
  inbox_.consume(bytes.size());
  return ec;
}

awaitable<error_code> http2_server_session::flush() {
  while (true) {
    auto const bytes = protocol_.take_output();
    if (bytes.empty()) co_return error_code();
    error_code const ec = co_await with_timeout(context_.time, context_.limits.answer,
                                                wire_->write(asio::buffer(bytes)));
    if (ec) co_return ec;
  }
}

void http2_server_session::start_handlers() {
  while (auto request = protocol_.next_request()) {
    auto const at = streams_.find(request->stream);
    if (at != streams_.end()) handlers_.spawn(handle(std::move(*request), at->second));
  }
}

awaitable<void> http2_server_session::handle(http2_request request,
                                             std::shared_ptr<watched> stream) {
  auto const id = request.stream;
  auto const title = request.method + ' ' + request.path;
  auto first = co_await (call(context_.handler, std::move(request)) || stream->gone.wait());
  if (first.index() == 1) co_return;  // nobody waits for the answer any more
  auto& [response, failure] = std::get<0>(first);
  if (failure) {
    if (is_cancellation(failure)) co_return;
    if (context_.failed) context_.failed(fmt::format("{}: {}", title, exception_text(failure)));
    response.status = 500;
  }
  protocol_.answer(id, std::move(response));
  answered_.set();
}

// Keeps our notes of the streams in step with the protocol.
void http2_server_session::watch_streams() {
  auto const now = context_.time.now();
  std::erase_if(streams_, [&](auto const& each) {
    if (protocol_.is_open(each.first)) return false;
    each.second->gone.set();
    quiet_since_ = now;
    return true;
  });
  for (auto const& open : protocol_.streams()) {
    auto& stream = streams_[open.id];
    if (stream && stream->now == open.now) continue;
    if (!stream) stream = std::make_shared<watched>(executor_);
    stream->now = open.now;
    stream->since = now;
  }
}

http2_server_session::time_point http2_server_session::deadline_of(watched const& stream) const {
  using phase = http2_server_protocol::phase;
  switch (stream.now) {
    case phase::receiving: return stream.since + context_.limits.request;
    case phase::sending: return stream.since + context_.limits.answer;
    case phase::waiting: break;  // the handler's own business
  }
  return time_point::max();
}

http2_server_session::time_point http2_server_session::next_deadline() const {
  if (!protocol_.greeted()) return quiet_since_ + context_.limits.greeting;
  if (streams_.empty()) return quiet_since_ + context_.limits.idle;
  auto next = time_point::max();
  for (auto const& each : streams_) next = std::min(next, deadline_of(*each.second));
  return next;
}

void http2_server_session::end_overdue() {
  auto const now = context_.time.now();
  for (auto const& [id, stream] : streams_) {
    if (deadline_of(*stream) <= now) protocol_.cancel(id);
  }
  if (streams_.empty() && next_deadline() <= now) stop_asking();
}

void http2_server_session::stop_asking() {
  if (!std::exchange(stopped_, true)) protocol_.stop();
}

// Until there is something to do: input, an answer, a deadline or the server's stop.
awaitable<error_code> http2_server_session::wait_for_events() {
  if (!inbox_.bytes().empty()) co_return error_code();  // came while we wrote
  auto const first = co_await (inbox_.more() || answered_.wait() || wait_for_stop() ||
                               context_.time.sleep_until(next_deadline()));
  co_return std::visit([](error_code const& ec) { return ec; }, first);
}

awaitable<error_code> http2_server_session::wait_for_stop() {
  return stopped_ ? never_.wait() : context_.stopping.wait();
}

}  // namespace corunner::net
