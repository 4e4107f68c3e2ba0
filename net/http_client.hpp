#pragma once

#include "net/dialer.hpp"
#include "net/http_message.hpp"
#include "net/proxy.hpp"
#include "net/time_source.hpp"
#include "net/url.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace corunner::net {

// Deadlines of one request (protocol.md 1.4). Each is measured on the client's time source.
struct http_deadlines {
  std::chrono::milliseconds connect{30'000};         // name resolution and TCP
  std::chrono::milliseconds tls_handshake{10'000};
  std::chrono::milliseconds response_header{600'000};  // from the last request byte to the header
  std::chrono::milliseconds idle{600'000};             // without a byte either way in a body
  std::chrono::milliseconds total{3'600'000};          // all of it, to the end of the body
};

struct http_request {
  std::string method = "GET";
  url target;
  http_fields fields;  // Host, Content-Length, Transfer-Encoding are the client's business
  http_body body;
  std::optional<tls_options> tls;       // for https; default-constructed options when absent
  std::filesystem::path unix_path;      // connect there instead of to target.host
  http_deadlines deadlines;
  // Up to nine redirects, the tenth is too_many_redirects. Credentials (Authorization, Cookie,
  // JOB-TOKEN, RUNNER-TOKEN, PRIVATE-TOKEN) never go to another origin; 301, 302, 303 turn into GET
  // without a body, 307 and 308 replay it.
  bool follow_redirects = true;
  // Gets the text of a failure that its error code cannot carry ("x509: certificate is valid for a,
  // not b"); empty: the code's own message will do. Must live until send() has returned.
  std::string* explanation = nullptr;
};

// A response whose header has arrived. The body is read as it comes; a response that is destroyed
// before its end closes the connection, one read to its end gives it back to the pool.
class http_response {
 public:
  struct connection;  // the pool's
  http_response();
  explicit http_response(std::unique_ptr<connection> from);
  http_response(http_response&&) noexcept;
  http_response& operator=(http_response&&) noexcept;
  ~http_response();

  int status = 0;
  std::string reason;
  http_fields fields;
  url final_url;                  // where the answer came from, after redirects
  std::string peer_certificates;  // stream::peer_certificates of that connection

  // A part of the body; 0 is its end.
  awaitable<result<std::size_t>> read_some(asio::mutable_buffer into);
  // The rest of the body; errc::body_too_large past `limit`.
  awaitable<result<std::string>> read_all(std::size_t limit);

 private:
  std::unique_ptr<connection> connection_;
};

// HTTP/1.1 with a pool of idle connections per peer.
//
// A request on a reused connection that dies before the first response byte is sent once more on a
// fresh one, silently, when it is a GET or HEAD or nothing of it can have reached the peer. There
// are no other retries here. Idle connections are kept 90 s, at most 2 per peer and 100 in all; TCP
// keep-alive is on. The client must outlive its responses. Single-threaded.
class http_client {
 public:
  struct options {
    std::string user_agent;
    std::chrono::milliseconds idle_keep{90'000};
    // All idle connections are closed when so much has passed since that was last done; 0: never,
    // negative: before every request (a quirk of GitLab Runner).
    std::chrono::milliseconds connection_max_age{15 * 60'000};
    std::size_t idle_per_peer = 2;
    std::size_t idle_total = 100;
    std::size_t header_limit = 64 * 1024;
    proxy_settings proxies;  // none unless the caller reads them: read_proxy_environment()
  };

  http_client(dialer& connections, time_source& time, options how);
  ~http_client();

  // The response with its header, or why there is none. Cancelling closes the connection.
  awaitable<result<http_response>> send(http_request request);

  // Closes every idle connection (connection_max_age, changed certificates).
  void close_idle();
  void set_connection_max_age(std::chrono::milliseconds age);

  struct pool;

 private:
  std::shared_ptr<pool> pool_;
};

}  // namespace corunner::net
