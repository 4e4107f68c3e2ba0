#include "net/http2/server_streams.hpp"

#include "net/http2/header_block.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace corunner::net {

void http2_server_streams::begin(nghttp2_frame const& frame) {
  if (frame.headers.cat != NGHTTP2_HCAT_REQUEST) return;
  all_[frame.hd.stream_id].request.stream = frame.hd.stream_id;
}

// Those behind the body, too, are counted, but nobody wants them.
void http2_server_streams::add_field(std::int32_t id, std::string_view name,
                                     std::string_view value) {
  constexpr std::size_t each = 32;  // RFC 9113 6.5.2
  auto* const what = find(id);
  if (!what) return;
  what->header += name.size() + value.size() + each;
  if (what->header > limits_.header || what->now != phase::receiving) return;
  auto& request = what->request;
  if (name == ":method") request.method = value;
  else if (name == ":path") request.path = value;
  else if (name == ":authority") request.authority = value;
  else if (!name.starts_with(':')) request.fields.add(name, value);
}

void http2_server_streams::add_data(std::int32_t id, std::string_view bytes) {
  auto* const what = find(id);
  if (!what || what->now != phase::receiving) return;
  auto& request = what->request;
  auto const taken = bytes.substr(0, limits_.body - request.body.size());
  request.body += taken;
  if (taken.size() == bytes.size()) return;
  request.body_too_large = true;
  complete(id, *what);
}

void http2_server_streams::received(nghttp2_frame const& frame) {
  auto const type = frame.hd.type;
  if (type == NGHTTP2_SETTINGS) greeted_ = true;
  if (type == NGHTTP2_RST_STREAM && ++withdrawn_ > limits_.withdrawn) {
    nghttp2_session_terminate_session(session_, NGHTTP2_ENHANCE_YOUR_CALM);
  }
  if (type != NGHTTP2_HEADERS && type != NGHTTP2_DATA) return;
  auto const id = frame.hd.stream_id;
  auto* const what = find(id);
  if (!what) return;
  what->peer_ended = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  if (what->now != phase::receiving) return;
  if (what->header > limits_.header) {
    answer(id, *what, {.status = 431, .fields = {}, .body = {}, .trailers = {}});
  } else if (what->peer_ended) {
    complete(id, *what);
  }
}

void http2_server_streams::complete(std::int32_t id, stream& what) {
  what.now = phase::waiting;
  ready_.push_back(id);
}

void http2_server_streams::answer(std::int32_t id, stream& what, http2_response response) {
  what.now = phase::sending;
  what.response = std::move(response);
  header_block const header(what.response.fields, what.response.status);
  auto const& fields = header.pointers();
  nghttp2_data_provider body{};
  body.read_callback = fill_;
  bool const header_alone = what.response.body.empty() && what.response.trailers.size() == 0;
  nghttp2_submit_response(session_, id, fields.data(), fields.size(),
                          header_alone ? nullptr : &body);
}

std::size_t http2_server_streams::fill(std::int32_t id, std::uint8_t* into,
                                       std::size_t room, std::uint32_t& flags) {
  auto* const what = find(id);
  if (!what) {
    flags |= NGHTTP2_DATA_FLAG_EOF;
    return 0;
  }
  auto const left = std::string_view(what->response.body).substr(what->sent);
  auto const size = std::min(left.size(), room);
  std::memcpy(into, left.data(), size);
  what->sent += size;
  if (size < left.size()) return size;
  flags |= NGHTTP2_DATA_FLAG_EOF;
  if (what->response.trailers.size() > 0) {
    flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
    header_block const trailers(what->response.trailers);
    auto const& fields = trailers.pointers();
    nghttp2_submit_trailer(session_, id, fields.data(), fields.size());
  }
  return size;
}

// A peer that is still sending its request is told that nobody needs the rest (RFC 9113 8.1).
void http2_server_streams::sent(nghttp2_frame const& frame) {
  auto const type = frame.hd.type;
  if (type != NGHTTP2_HEADERS && type != NGHTTP2_DATA) return;
  if ((frame.hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return;
  auto const* const what = find(frame.hd.stream_id);
  if (!what || what->peer_ended) return;
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, frame.hd.stream_id, NGHTTP2_NO_ERROR);
}

std::vector<http2_server_protocol::open_stream> http2_server_streams::open() const {
  std::vector<http2_server_protocol::open_stream> open;
  for (auto const& [id, what] : all_) open.push_back({id, what.now});
  return open;
}

std::optional<http2_request> http2_server_streams::next_request() {
  while (!ready_.empty()) {
    auto* const what = find(ready_.front());
    ready_.pop_front();
    if (what && what->now == phase::waiting) return std::move(what->request);
  }
  return std::nullopt;
}

void http2_server_streams::answer(std::int32_t id, http2_response response) {
  auto* const what = find(id);
  if (what && what->now == phase::waiting) answer(id, *what, std::move(response));
}

http2_server_streams::stream* http2_server_streams::find(std::int32_t id) {
  auto const at = all_.find(id);
  return at == all_.end() ? nullptr : &at->second;
}

}  // namespace corunner::net
