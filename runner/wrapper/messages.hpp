#pragma once

#include "net/asio.hpp"
#include "net/http_message.hpp"

#include <string>
#include <string_view>

namespace corunner {

// What the wrapper's control server and its clients say to each other, as protocol buffers.
// Wire: package gitlab_com.gitlab_runner.runner_wrapper; see protocol.md 7.13.

// By their numbers on the wire.
enum class wrapped_status { unknown = 0, running = 1, in_shutdown = 2, stopped = 3 };

// "unknown", "running", "in_shutdown", "stopped".
std::string_view name_of(wrapped_status status);

// Whom to tell that the process has ended: one request, without a body.
struct shutdown_callback {
  std::string url;  // empty: nobody
  std::string method;
  net::http_fields headers;
};

// The answer to every call.
struct status_answer {
  wrapped_status status = wrapped_status::unknown;
  std::string failure_reason;  // empty: the process did not fail
};
std::string encode(status_answer const& what);

// InitGracefulShutdownRequest. net::errc::bad_message when it is none: no protocol buffer, a field
// of another type, text that is not UTF-8. As in every protocol buffer the last one of a field
// counts, and a message that stands there twice is put together.
result<shutdown_callback> decode_graceful_shutdown(std::string_view message);

// A request without fields; what a later version of the client says in it is passed over.
error_code check_empty_request(std::string_view message);

}  // namespace corunner
