#pragma once

#include "net/http_message.hpp"
#include "test/net/http_world.hpp"

#include <nghttp2/nghttp2.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace corunner::test {

// What came back on one stream.
struct http2_reply {
  int status = 0;
  net::http_fields fields;
  std::string body;
  net::http_fields trailers;
  std::optional<std::uint32_t> closed;  // the stream has ended, with this error code
};

// The client's half of HTTP/2, made of nghttp2, on in-memory connections. A step is taken when the
// test asks for it: what a call says is sent, and what comes back is taken in, until nothing moves
// any more.
class http2_client {
 public:
  http2_client(http_world& world, std::string const& host, std::uint16_t port);

  // A request with its whole body; its stream.
  std::int32_t request(std::string_view path, net::http_fields fields, std::string body,
                       std::string_view method = "POST");
  // One whose body goes on.
  std::int32_t begin_request(std::string_view path, net::http_fields fields = {});
  void reset(std::int32_t stream);
  void ping();
  void exchange();
  // Bytes past the session.
  void send_raw(std::string const& bytes) { wire_.send(bytes); }

  http2_reply& at(std::int32_t stream) { return replies_[stream]; }
  // The error code of the server's GOAWAY.
  std::optional<std::uint32_t> told_to_go() const { return goaway_; }
  int pongs() const { return pongs_; }
  bool ended() const { return wire_.ended(); }
  void close() { wire_.close(); }

 private:
  struct deleter {
    void operator()(nghttp2_session* what) const { nghttp2_session_del(what); }
  };
  std::int32_t submit(std::string_view method, std::string_view path,
                      net::http_fields const& fields, nghttp2_data_provider const* body);
  void set_callbacks(nghttp2_session_callbacks* to);

  raw_client wire_;
  std::map<std::int32_t, http2_reply> replies_;
  std::map<std::int32_t, std::string> bodies_;  // what is left to send
  std::optional<std::uint32_t> goaway_;
  int pongs_ = 0;
  std::unique_ptr<nghttp2_session, deleter> session_;
};

}  // namespace corunner::test
