#pragma once

#include "net/http2/server_protocol.hpp"

#include <nghttp2/nghttp2.h>

#include <deque>
#include <map>

namespace corunner::net {

// The streams of a server's connection, and what nghttp2 tells of them. Each lives from its first
// header field until both sides have ended.
class http2_server_streams {
 public:
  using phase = http2_server_protocol::phase;

  explicit http2_server_streams(http2_limits limits) : limits_(limits) {}
  // Whose streams these are, and nghttp2's way to fill(); before anything else.
  void belong_to(nghttp2_session* session, nghttp2_data_source_read_callback fill) {
    session_ = session;
    fill_ = fill;
  }

  // --- told by nghttp2 ---
  void begin(nghttp2_frame const& frame);
  void add_field(std::int32_t id, std::string_view name, std::string_view value);
  void add_data(std::int32_t id, std::string_view bytes);
  void received(nghttp2_frame const& frame);
  void sent(nghttp2_frame const& frame);
  void closed(std::int32_t id) { all_.erase(id); }
  // Gives a part of the answer's body, and behind its end the trailers.
  std::size_t fill(std::int32_t id, std::uint8_t* into, std::size_t room, std::uint32_t& flags);

  // --- asked by the protocol ---
  bool greeted() const { return greeted_; }
  bool contains(std::int32_t id) const { return all_.contains(id); }
  std::vector<http2_server_protocol::open_stream> open() const;
  std::optional<http2_request> next_request();
  void answer(std::int32_t id, http2_response response);

 private:
  struct stream {
    http2_request request;
    std::size_t header = 0;
    phase now = phase::receiving;
    bool peer_ended = false;
    http2_response response;
    std::size_t sent = 0;  // of its body
  };

  stream* find(std::int32_t id);
  void complete(std::int32_t id, stream& what);
  void answer(std::int32_t id, stream& what, http2_response response);

  http2_limits limits_;
  nghttp2_session* session_ = nullptr;
  nghttp2_data_source_read_callback fill_ = nullptr;
  std::map<std::int32_t, stream> all_;
  std::deque<std::int32_t> ready_;  // in phase `waiting`, to be handed out
  std::size_t withdrawn_ = 0;
  bool greeted_ = false;
};

}  // namespace corunner::net
