#pragma once

#include "net/event.hpp"
#include "net/receive_buffer.hpp"
#include "net/stream.hpp"

#include <string_view>

namespace corunner::net {

// What a peer has sent, read ahead into a bounded buffer.
//
// A read that was cancelled spoils its stream, yet a server must notice a peer that leaves while a
// handler still works on its request. So one coroutine, pump(), reads for the whole life of a
// connection, and everybody else waits for its events.
class http_inbox {
 public:
  http_inbox(asio::any_io_executor executor, stream& from, std::size_t limit)
      : from_(from), limit_(limit), changed_(executor), taken_(executor), over_(executor) {}

  // Reads until it is cancelled; run it beside what consumes.
  awaitable<error_code> pump();

  std::string_view bytes() const { return buffer_.bytes(); }
  void consume(std::size_t size);
  // Waits until there are more bytes than now: no error then; otherwise why no more will come (eof,
  // a reset, errc::header_too_large when the buffer is full).
  awaitable<error_code> more();
  // Ends when the peer has ended or broken the connection.
  awaitable<error_code> wait_end() { return over_.wait(); }
  bool ended() const { return static_cast<bool>(end_); }

 private:
  stream& from_;
  std::size_t limit_;
  receive_buffer buffer_;
  event changed_;  // bytes or the end came
  event taken_;    // there is room again
  event over_;     // the end came
  error_code end_;
};

}  // namespace corunner::net
