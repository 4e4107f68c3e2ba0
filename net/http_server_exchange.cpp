#include "net/http_server_exchange.hpp"

#include "net/error.hpp"
#include "net/http_text.hpp"
#include "net/url.hpp"
#include "net/with_timeout.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace corunner::net {
namespace {

// A request body that a handler did not want is read away up to here; beyond, closing is cheaper.
constexpr std::size_t unread_limit = 256 * 1024;
constexpr std::string_view continue_text = "HTTP/1.1 100 Continue\r\n\r\n";

bool expects_continue(http_head const& head) {
  auto const value = head.fields.get("Expect");
  return value.size() == 12 && (value[0] == '1');
}

}  // namespace

http_server_exchange::http_server_exchange(stream& wire, http_inbox& inbox, http_parser& request,
                                           time_source& time, http_server_limits const& limits,
                                           bool closing, asio::any_io_executor executor)
    : wire_(wire),
      inbox_(inbox),
      request_(request),
      time_(time),
      limits_(limits),
      closing_(closing || !request.keep_alive()),
      invite_(expects_continue(request.head()) && request.version_1_1() && !request.done()),
      complete_(std::move(executor)) {
  auto& head = request.head();
  method = std::move(head.method);
  target = std::move(head.target);
  fields = std::move(head.fields);
  peer = wire.peer();
  auto const absolute = target.starts_with('/') ? result<url>(error_code(errc::bad_url))
                                                : parse_url(target);
  auto const relative = absolute ? absolute->target() : target;
  auto const mark = relative.find('?');
  path = relative.substr(0, mark);
  if (mark != std::string::npos) query = relative.substr(mark + 1);
  if (request.done()) complete_.set();
}

awaitable<result<std::size_t>> http_server_exchange::read_some(asio::mutable_buffer into) {
  while (!request_.done()) {
    auto const took = request_.put(inbox_.bytes(), into);
    if (!took) {
      closing_ = true;
      co_return took.error();
    }
    inbox_.consume(took->consumed);
    if (request_.done()) complete_.set();
    if (took->produced > 0) co_return took->produced;
    if (request_.done()) break;
    if (error_code const ec = co_await invite_body()) co_return ec;
    error_code const ec = co_await with_timeout(time_, limits_.body_idle, inbox_.more());
    if (!ec) continue;
    closing_ = true;
    if (ec == asio::error::eof) co_return error_code(errc::incomplete_body);
    co_return ec == errc::header_too_large ? error_code(errc::bad_message) : ec;
  }
  co_return std::size_t(0);
}

awaitable<result<std::string>> http_server_exchange::read_all(std::size_t limit) {
  std::string all;
  std::string piece(16 * 1024, '\0');
  while (true) {
    auto const got = co_await read_some(asio::buffer(piece));
    if (!got) co_return got.error();
    if (*got == 0) co_return all;
    if (*got > limit - all.size()) co_return error_code(errc::body_too_large);
    all.append(piece, 0, *got);
  }
}

// The peer holds its body back until it is asked for.
awaitable<error_code> http_server_exchange::invite_body() {
  if (!std::exchange(invite_, false) || stage_ != stage::open) co_return error_code();
  co_return co_await put(std::string(continue_text));
}

awaitable<error_code> http_server_exchange::respond(int status, http_fields answer,
                                                    std::string body) {
  if (error_code const ec = co_await begin(status, std::move(answer), body.size())) co_return ec;
  if (error_code const ec = co_await write(body)) co_return ec;
  co_return co_await finish();
}

awaitable<error_code> http_server_exchange::begin(int status, http_fields answer,
                                                  std::optional<std::uint64_t> length) {
  if (stage_ == stage::broken) co_return asio::error::broken_pipe;
  if (stage_ != stage::open) throw std::logic_error("a request was answered twice");
  auto head = head_text(status, answer, length);
  if (!head) co_return head.error();
  stage_ = stage::begun;
  left_ = length;
  // An uninvited body may or may not follow: nobody could tell it from the next request.
  closing_ = closing_ || invite_;
  co_return co_await put(std::move(*head));
}

result<std::string> http_server_exchange::head_text(int status, http_fields& answer,
                                                    std::optional<std::uint64_t> length) {
  no_body_ = has_no_body(status);
  chunked_ = !length && !no_body_ && request_.version_1_1();
  if (!length && !no_body_ && !chunked_) closing_ = true;  // the end of the body is our close
  closing_ = closing_ || answer.get("Connection") == "close";
  answer.erase("Connection");
  answer.erase("Transfer-Encoding");
  if (length && !no_body_) answer.set("Content-Length", fmt::format("{}", *length));
  if (chunked_) answer.add("Transfer-Encoding", "chunked");
  if (closing_ || invite_) answer.add("Connection", "close");
  else if (!request_.version_1_1()) answer.add("Connection", "keep-alive");
  return response_head_text(status, answer);
}

awaitable<error_code> http_server_exchange::write(std::string_view bytes) {
  if (stage_ != stage::begun) co_return asio::error::broken_pipe;
  if (left_ && bytes.size() > *left_) co_return errc::wrong_length;
  if (left_) *left_ -= bytes.size();
  if (bytes.empty() || bodiless()) co_return error_code();
  std::string out;
  if (chunked_) out = chunk_head_text(bytes.size());
  out += bytes;
  if (chunked_) out += chunk_end_text;
  co_return co_await put(std::move(out));
}

awaitable<error_code> http_server_exchange::finish() {
  if (stage_ != stage::begun) co_return asio::error::broken_pipe;
  if (left_.value_or(0) > 0 && !bodiless()) {
    drop();  // the peer must not take a part for the whole
    co_return errc::wrong_length;
  }
  if (chunked_ && !bodiless()) {
    if (error_code const ec = co_await put(std::string(last_chunk_text))) co_return ec;
  }
  stage_ = stage::finished;
  co_return error_code();
}

awaitable<error_code> http_server_exchange::put(std::string bytes) {
  error_code const ec =
      co_await with_timeout(time_, limits_.body_idle, wire_.write(asio::buffer(bytes)));
  if (ec) stage_ = stage::broken;
  co_return ec;
}

void http_server_exchange::drop() {
  stage_ = stage::broken;
  wire_.close();
}

awaitable<error_code> http_server_exchange::wait_gone() {
  if (error_code const ec = co_await complete_.wait()) co_return ec;
  if (error_code const ec = co_await inbox_.wait_end()) co_return ec;
  if (!answered()) co_return error_code();
  // A peer that only ended its own side still reads: the answer goes on, writing tells the rest.
  event never(co_await asio::this_coro::executor);
  co_return co_await never.wait();
}

awaitable<bool> http_server_exchange::settle() {
  if (stage_ != stage::finished || closing_) co_return false;
  std::string piece(16 * 1024, '\0');
  std::size_t total = 0;
  while (total <= unread_limit) {
    auto const got = co_await read_some(asio::buffer(piece));
    if (!got) co_return false;
    if (*got == 0) co_return true;
    total += *got;
  }
  co_return false;
}

}  // namespace corunner::net
