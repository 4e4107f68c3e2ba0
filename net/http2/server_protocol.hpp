#pragma once

#include "net/http2/message.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::net {

// How far a peer may go on one connection.
struct http2_limits {
  std::uint32_t streams = 16;        // requests at a time
  std::size_t header = 16 * 1024;    // bytes of one request's fields: names, values and 32 for each
  std::size_t body = 256 * 1024;     // bytes of one request's body
  std::size_t withdrawn = 200;       // requests that it takes back before they are answered
};

// The server's half of HTTP/2 (RFC 9113) on one connection, without any I/O: bytes in, requests
// out; answers in, bytes out. Frames, HPACK and flow control are nghttp2's.
//
// The peer speaks HTTP/2 from its first byte ("prior knowledge"). Memory is bounded by the limits,
// as long as what is to be sent is taken before more is put in.
class http2_server_protocol {
 public:
  enum class phase {
    receiving,  // the request is not complete
    waiting,    // for its answer
    sending,    // the answer
  };
  struct open_stream {
    std::int32_t id;
    phase now;
  };

  explicit http2_server_protocol(http2_limits limits = {});
  ~http2_server_protocol();

  // Takes what came from the peer. An error (errc::bad_message): it does not speak HTTP/2 at all.
  // Who breaks its rules is told so by what is to be sent, and then the connection is over().
  error_code put(std::string_view bytes);
  // What is to be sent, about `most` bytes of it; empty when there is nothing at the moment.
  std::string take_output(std::size_t most = 32 * 1024);

  // Requests in the order in which they became complete. One whose body is over the limit comes as
  // soon as that is known.
  std::optional<http2_request> next_request();
  // Answers that request; nothing happens if its stream has ended meanwhile.
  void answer(std::int32_t stream, http2_response response);
  // Ends the stream without an answer.
  void cancel(std::int32_t stream);

  // Asks the peer for no more requests (GOAWAY); those that are open go on.
  void stop();

  // The peer's preface is there.
  bool greeted() const;
  std::vector<open_stream> streams() const;
  bool is_open(std::int32_t stream) const;
  // Nothing will come or go any more.
  bool over() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace corunner::net
