#pragma once

#include "net/http_client.hpp"
#include "net/http_parser.hpp"
#include "net/http_pool.hpp"
#include "net/receive_buffer.hpp"

#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace corunner::net {

// One connection with one exchange on it: a request goes out, a response comes in.
//
// The head of the response is read while the request is still being sent, so that a server may
// refuse a large body early. When both are complete the connection returns to its pool by itself.
struct http_response::connection {
  connection(std::shared_ptr<http_client::pool> from, asio::any_io_executor executor)
      : home(std::move(from)), loop(std::move(executor)) {}

  // Sends `request` and reads until the head of its final response is there. Throws what the
  // request's own body source throws, and nothing else.
  awaitable<error_code> exchange(http_request const& request);
  // A part of the response's body; 0 is its end.
  awaitable<result<std::size_t>> read_some(asio::mutable_buffer into);

  // Something of the request may be with the peer.
  bool offered() const { return offered_; }
  bool answered() const { return parser && (parser->started() || informed); }
  // Hands the stream back when the exchange is over and it can serve another.
  void release();

  std::shared_ptr<http_client::pool> home;
  asio::any_io_executor loop;
  std::string key;
  std::unique_ptr<stream> wire;
  bool reused = false;
  bool to_proxy = false;  // asked for by absolute URL, credentials for the proxy included
  std::string proxy_authorization;
  http_deadlines deadlines;
  time_source::time_point give_up;  // the end of the total deadline
  std::optional<http_parser> parser;

 private:
  awaitable<error_code> read_head(http_parser::kind kind);
  awaitable<error_code> read_one_head();
  awaitable<error_code> send_then_wait(http_request const& request);
  awaitable<error_code> send(http_request const& request);
  awaitable<error_code> send_body(http_request const& request, std::string first);
  awaitable<error_code> write(std::string_view bytes);
  awaitable<error_code> fill();
  time_source::duration at_most(std::chrono::milliseconds limit) const;
  bool out_of_time() const { return home->time().now() >= give_up; }

  receive_buffer in;
  bool offered_ = false;
  bool sent = false;           // the whole request is out
  bool local_failure = false;  // our own body source failed: no answer will help
  std::exception_ptr thrown;   // by the body source
  bool informed = false;       // a 1xx came
};

}  // namespace corunner::net
