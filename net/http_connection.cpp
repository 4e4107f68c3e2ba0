#include "net/http_connection.hpp"

#include "net/error.hpp"
#include "net/http_text.hpp"
#include "net/with_timeout.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace corunner::net {
namespace {

constexpr std::size_t body_step = 32 * 1024;
// After the peer has stopped reading, its answer (413, say) is on the way or will never come.
constexpr std::chrono::seconds late_answer{5};

http_fields with_framing(http_request const& request, std::string const& user_agent) {
  http_fields all;
  all.add("Host", request.target.authority());
  for (auto const& [name, value] : request.fields) all.add(name, value);
  for (auto const name : {"Content-Length", "Transfer-Encoding", "Expect", "Connection"}) {
    all.erase(name);
  }
  if (!user_agent.empty() && !all.contains("User-Agent")) all.add("User-Agent", user_agent);
  if (!request.target.user.empty() && !all.contains("Authorization")) {
    all.add("Authorization", basic_credentials(request.target.user, request.target.password));
  }
  if (request.body) {
    if (request.body.length) {
      all.add("Content-Length", fmt::format("{}", *request.body.length));
    } else {
      all.add("Transfer-Encoding", "chunked");
    }
  } else if (request.method == "POST" || request.method == "PUT" || request.method == "PATCH") {
    all.add("Content-Length", "0");
  }
  return all;
}

}  // namespace

time_source::duration http_response::connection::at_most(std::chrono::milliseconds limit) const {
  auto const left = give_up - home->time().now();
  return std::max(time_source::duration::zero(), std::min<time_source::duration>(limit, left));
}

awaitable<error_code> http_response::connection::exchange(http_request const& request) {
  using namespace asio::experimental::awaitable_operators;
  auto const kind = request.method == "HEAD" ? http_parser::kind::response_to_head
                                             : http_parser::kind::response;
  // The sender outlives its sending as the guard of the header deadline, so whoever ends first
  // decides: a head (or a dead connection), or a failure to send and the deadline.
  auto const first = co_await (read_head(kind) || send_then_wait(request));
  if (first.index() == 0) co_return std::get<0>(first);
  if (thrown) std::rethrow_exception(thrown);
  co_return std::get<1>(first);
}

awaitable<error_code> http_response::connection::read_head(http_parser::kind kind) {
  while (true) {
    parser.emplace(kind, home->how().header_limit);
    if (error_code const ec = co_await read_one_head()) co_return ec;
    auto const code = parser->head().status;
    if (code / 100 != 1 || code == 101) co_return error_code();
    informed = true;
  }
}

awaitable<error_code> http_response::connection::read_one_head() {
  while (true) {
    auto const took = parser->put(in.bytes());
    if (!took) co_return took.error();
    in.consume(took->consumed);
    if (parser->head_done()) co_return error_code();
    error_code const ec = co_await fill();
    if (ec == asio::error::eof && parser->started()) co_return errc::incomplete_body;
    if (ec) co_return ec;
  }
}

// Reads once from the stream. No timeout here: whoever calls has one.
awaitable<error_code> http_response::connection::fill() {
  bool const in_body = parser->head_done();
  auto const limit = std::max(home->how().header_limit, body_step);
  auto const room = in.room(limit, in_body ? body_step : 4096);
  if (room.size() == 0) co_return in_body ? errc::bad_message : errc::header_too_large;
  auto const got = co_await wire->read_some(room);
  if (!got) co_return got.error();
  in.commit(*got);
  co_return error_code();
}

awaitable<error_code> http_response::connection::send_then_wait(http_request const& request) {
  error_code failed;
  try {
    failed = co_await send(request);
  } catch (...) {
    // An exception would leave `||` waiting for the other side.
    thrown = std::current_exception();
    co_return asio::error::operation_aborted;
  }
  if (local_failure || failed == asio::error::operation_aborted) co_return failed;
  auto const limit = at_most(failed ? std::chrono::milliseconds(late_answer)
                                    : deadlines.response_header);
  if (error_code const ec = co_await home->time().sleep_for(limit)) co_return ec;
  if (failed) co_return failed;
  co_return out_of_time() ? error_code(asio::error::timed_out) : error_code(errc::response_timeout);
}

awaitable<error_code> http_response::connection::send(http_request const& request) {
  auto all = with_framing(request, home->how().user_agent);
  if (!proxy_authorization.empty()) all.set("Proxy-Authorization", proxy_authorization);
  auto const target = request.target.target();
  auto head = request_head_text(request.method,
                                to_proxy ? request.target.origin() + target : target, all);
  if (!head) {
    local_failure = true;
    co_return head.error();
  }
  if (request.body) co_return co_await send_body(request, std::move(*head));
  if (error_code const ec = co_await write(*head)) co_return ec;
  sent = true;
  co_return error_code();
}

// Head and the first piece of the body leave in one write: most requests are one packet.
awaitable<error_code> http_response::connection::send_body(http_request const& request,
                                                           std::string out) {
  auto const source = request.body.open();
  auto const& length = request.body.length;
  std::string piece(length ? std::min<std::uint64_t>(std::max<std::uint64_t>(*length, 1), body_step)
                           : body_step,
                    '\0');
  std::uint64_t total = 0;
  while (!length || total < *length) {
    auto const got = co_await source->read_some(asio::buffer(piece));
    local_failure = !got || (length && (*got == 0 || *got > *length - total));
    if (!got) co_return got.error();
    if (local_failure) co_return errc::wrong_length;
    if (*got == 0) break;
    total += *got;
    if (!length) out += chunk_head_text(*got);
    out.append(piece, 0, *got);
    if (!length) out += chunk_end_text;
    if (error_code const ec = co_await write(out)) co_return ec;
    out.clear();
  }
  if (!length) out += last_chunk_text;
  if (!out.empty()) {
    if (error_code const ec = co_await write(out)) co_return ec;
  }
  sent = true;
  co_return error_code();
}

awaitable<error_code> http_response::connection::write(std::string_view bytes) {
  auto& time = home->time();
  // Whoever is cancelled in the middle has to take it for offered.
  bool const is_first = !std::exchange(offered_, true);
  error_code const ec =
      co_await with_timeout(time, at_most(deadlines.idle), wire->write(asio::buffer(bytes)));
  if (ec && is_first && ec != asio::error::timed_out && ec != asio::error::operation_aborted) {
    offered_ = false;
  }
  co_return ec;
}

awaitable<result<std::size_t>> http_response::connection::read_some(asio::mutable_buffer into) {
  while (wire && !parser->done()) {
    auto const took = parser->put(in.bytes(), into);
    if (!took) {
      wire.reset();
      co_return took.error();
    }
    in.consume(took->consumed);
    if (took->produced > 0) {
      if (parser->done()) release();
      co_return took->produced;
    }
    if (parser->done()) break;
    auto& time = home->time();
    auto const failed = co_await with_timeout(time, at_most(deadlines.idle), fill());
    if (!failed) continue;
    auto const at_end = failed == asio::error::eof ? parser->put_eof() : failed;
    wire.reset();
    if (at_end) co_return at_end;
    co_return std::size_t(0);
  }
  release();
  co_return std::size_t(0);
}

void http_response::connection::release() {
  if (!wire) return;
  auto idle = std::move(wire);
  bool const over = sent && parser->done() && parser->keep_alive() && in.empty();
  in.release();
  if (over && parser->head().status != 101) home->give(std::move(key), std::move(idle), loop);
}

}  // namespace corunner::net
