#include "net/http_session.hpp"

#include "net/error.hpp"
#include "net/exception_text.hpp"
#include "net/http_server_exchange.hpp"
#include "net/http_text.hpp"
#include "net/linger.hpp"
#include "net/with_timeout.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <exception>

namespace corunner::net {
namespace {

using namespace asio::experimental::awaitable_operators;

// The handler's exception, or null.
awaitable<std::exception_ptr> call(http_handler const& handler, http_exchange& exchange) {
  try {
    co_await handler(exchange);
  } catch (...) {
    co_return std::current_exception();
  }
  co_return nullptr;
}

int status_for(error_code const& ec) {
  if (ec == errc::header_too_large) return 431;
  if (ec == errc::bad_message) return 400;
  if (ec == asio::error::timed_out) return 408;
  return 0;  // nobody is there to be told
}

}  // namespace

http_session::http_session(std::unique_ptr<stream> wire, http_session_context context,
                           asio::any_io_executor executor)
    : wire_(std::move(wire)),
      context_(context),
      executor_(executor),
      inbox_(executor, *wire_, std::max<std::size_t>(context.limits.header, 4096)) {}

awaitable<void> http_session::run() {
  std::exception_ptr failure;
  try {
    auto const ended = co_await (serve() || inbox_.pump());
    if (ended.index() == 0) failure = std::get<0>(ended);
  } catch (...) {
    failure = std::current_exception();
  }
  wire_->close();
  if (failure && !is_cancellation(failure) && context_.failed) context_.failed(exception_text(failure));
}

// What broke it, or null. An exception would leave `||` waiting for the pump.
awaitable<std::exception_ptr> http_session::serve() {
  try {
    co_await serve_requests();
  } catch (...) {
    co_return std::current_exception();
  }
  co_return nullptr;
}

awaitable<void> http_session::serve_requests() {
  while (co_await wait_request()) {
    http_parser request(http_parser::kind::request, context_.limits.header);
    error_code ec = co_await with_timeout(context_.time, context_.limits.header_time,
                                          read_head(request));
    if (!ec && request.version_1_1() && !request.head().fields.contains("Host")) {
      ec = errc::bad_message;
    }
    if (ec) {
      if (auto const status = status_for(ec)) co_await refuse(status);
      co_return;
    }
    if (!co_await answer(request)) co_return;
  }
}

// True once the first byte of a request is there; false when the connection is to end.
awaitable<bool> http_session::wait_request() {
  while (true) {
    auto const bytes = inbox_.bytes();
    // Some peers send an empty line after a body.
    if (bytes.starts_with("\r\n")) {
      inbox_.consume(2);
    } else if (bytes.empty() || bytes == "\r") {
      if (context_.stopping.is_set()) co_return false;
      auto const first = co_await (inbox_.more() || context_.stopping.wait() ||
                                   context_.time.sleep_for(context_.limits.idle));
      if (first.index() != 0 || std::get<0>(first)) co_return false;
    } else {
      co_return true;
    }
  }
}

awaitable<error_code> http_session::read_head(http_parser& request) {
  while (true) {
    auto const took = request.put(inbox_.bytes());
    if (!took) co_return took.error();
    inbox_.consume(took->consumed);
    if (request.head_done()) co_return error_code();
    if (error_code const ec = co_await inbox_.more()) co_return ec;
  }
}

// Lets the handler answer. True when the connection can serve another request.
awaitable<bool> http_session::answer(http_parser& request) {
  http_server_exchange exchange(*wire_, inbox_, request, context_.time, context_.limits,
                                context_.stopping.is_set(), executor_);
  auto const first = co_await (call(context_.handler, exchange) || exchange.wait_gone());
  if (first.index() == 1) co_return false;  // the peer left; its handler was cancelled
  if (auto const failure = std::get<0>(first)) {
    if (is_cancellation(failure)) co_return false;
    if (context_.failed) {
      context_.failed(fmt::format("{} {}: {}", exchange.method, exchange.path, exception_text(failure)));
    }
    if (exchange.answered()) co_return false;  // half an answer cannot be taken back
  } else if (!exchange.answered() && context_.failed) {
    context_.failed(fmt::format("{} {}: no answer", exchange.method, exchange.path));
  }
  if (!exchange.answered()) {
    http_fields plain{{"Content-Type", "text/plain"}};
    co_await exchange.respond(500, std::move(plain), "internal error\n");
  }
  if (co_await exchange.settle()) co_return true;
  co_await linger(context_.time, *wire_, inbox_);
  co_return false;
}

awaitable<void> http_session::refuse(int status) {
  auto const head =
      response_head_text(status, {{"Content-Length", "0"}, {"Connection", "close"}});
  if (!head) co_return;
  auto const ec = co_await with_timeout(context_.time, linger_time,
                                        wire_->write(asio::buffer(*head)));
  if (!ec) co_await linger(context_.time, *wire_, inbox_);
}

}  // namespace corunner::net
