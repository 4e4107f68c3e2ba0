#pragma once

#include "net/grpc/status.hpp"
#include "net/http2/message.hpp"
#include "net/time_source.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace corunner::net {

// The outcome of a call: the answer's message, if the status is ok.
struct grpc_reply {
  grpc_status status;
  std::string message;
};

// One remote procedure: a message in (valid until it ends), a message out.
using grpc_method = std::function<awaitable<grpc_reply>(std::string_view message)>;

struct grpc_limits {
  std::size_t message = 64 * 1024;                // bytes of a request's message
  std::chrono::milliseconds call{60'000};         // for a call whose client sets no grpc-timeout
};

// Answers calls of unary methods: what stands behind an http2_server (its handle() is the handler).
//
// Wire: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md. Messages are not
// compressed, and compressed ones are refused, as are other media types (415) and methods of HTTP
// (405).
class grpc_server {
 public:
  explicit grpc_server(time_source& time, grpc_limits limits = {}) : time_(time), limits_(limits) {}

  // `path` is "/package.Service/Method".
  void add(std::string path, grpc_method method) { methods_[std::move(path)] = std::move(method); }

  awaitable<http2_response> handle(http2_request request) const;

 private:
  awaitable<grpc_reply> call(http2_request const& request) const;

  time_source& time_;
  grpc_limits limits_;
  std::map<std::string, grpc_method, std::less<>> methods_;
};

}  // namespace corunner::net
