#pragma once

#include "net/asio.hpp"

#include <boost/asio/buffer.hpp>

#include <memory>
#include <string>

namespace corunner::net {

// A connection in both directions: a TCP or unix socket, TLS over one, or memory in tests.
//
// At most one read and one write are in flight. Cancelling the awaiting coroutine ends the
// operation with operation_aborted; the stream is good for nothing but close() afterwards. Nothing
// throws.
class stream {
 public:
  virtual ~stream() = default;

  // At least one byte, or an error; the end of the peer's data is asio::error::eof.
  virtual awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) = 0;
  // All of `bytes`, or an error.
  virtual awaitable<error_code> write(asio::const_buffer bytes) = 0;
  // Says that nothing more will be written (TLS close_notify, TCP FIN).
  virtual awaitable<error_code> shutdown_write() = 0;
  // Ends both directions at once; safe at any time, also twice.
  virtual void close() noexcept = 0;

  // True while nothing has arrived that nobody has read: no byte and no end. What a pool asks
  // before it uses an idle connection again.
  virtual bool quiet() const { return true; }

  // Certificates that the peer showed and we verified, leaf first, PEM blocks one after the other;
  // empty without TLS (protocol.md 1.6).
  virtual std::string peer_certificates() const { return {}; }
  // Who is at the other end, for logs: "127.0.0.1:1234", "unix".
  virtual std::string peer() const { return {}; }
};

// Waits for peers. accept() ends with operation_aborted when cancelled or closed.
class listener {
 public:
  virtual ~listener() = default;
  virtual awaitable<result<std::unique_ptr<stream>>> accept() = 0;
  // Where it listens: "127.0.0.1:43123" (the real port), "unix:/path".
  virtual std::string address() const = 0;
  virtual void close() noexcept = 0;
};

}  // namespace corunner::net
