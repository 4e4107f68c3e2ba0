#pragma once

#include "net/http_inbox.hpp"
#include "net/http_parser.hpp"
#include "net/http_server.hpp"

#include <memory>
#include <optional>

namespace corunner::net {

// The server's side of one request: reads its body from the inbox, writes the answer.
//
// Refers to the connection's parts; lives for one handler call.
class http_server_exchange final : public http_exchange {
 public:
  // `closing`: the connection ends after this exchange, and the answer says so.
  http_server_exchange(stream& wire, http_inbox& inbox, http_parser& request, time_source& time,
                       http_server_limits const& limits, bool closing,
                       asio::any_io_executor executor);

  awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override;
  awaitable<result<std::string>> read_all(std::size_t limit) override;
  awaitable<error_code> respond(int status, http_fields answer, std::string body) override;
  awaitable<error_code> begin(int status, http_fields answer,
                              std::optional<std::uint64_t> length) override;
  awaitable<error_code> write(std::string_view bytes) override;
  awaitable<error_code> finish() override;
  void drop() override;
  bool answered() const override { return stage_ != stage::open; }

  // Ends once the request is complete and its peer has gone before the answer was begun.
  awaitable<error_code> wait_gone();
  // Reads away what the handler left of the request, up to a bound. False: the connection must end.
  awaitable<bool> settle();

 private:
  enum class stage { open, begun, finished, broken };

  awaitable<error_code> put(std::string bytes);
  awaitable<error_code> invite_body();
  result<std::string> head_text(int status, http_fields& answer,
                                std::optional<std::uint64_t> length);
  bool bodiless() const { return method == "HEAD" || no_body_; }

  stream& wire_;
  http_inbox& inbox_;
  http_parser& request_;
  time_source& time_;
  http_server_limits const& limits_;
  bool closing_;
  bool invite_;             // the peer waits for 100 Continue
  event complete_;          // the whole request was read
  stage stage_ = stage::open;
  bool chunked_ = false;
  bool no_body_ = false;
  std::optional<std::uint64_t> left_;  // of the announced length
};

}  // namespace corunner::net
