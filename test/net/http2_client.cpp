#include "test/net/http2_client.hpp"

#include "net/http2/header_block.hpp"

#include <algorithm>
#include <cstring>

namespace corunner::test {
namespace {

std::string_view text(std::uint8_t const* bytes, std::size_t size) {
  return {reinterpret_cast<char const*>(bytes), size};
}

}  // namespace

http2_client::http2_client(http_world& world, std::string const& host, std::uint16_t port)
    : wire_(world, host, port) {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  set_callbacks(callbacks);
  nghttp2_session* made = nullptr;
  nghttp2_session_client_new(&made, callbacks, this);
  session_.reset(made);
  nghttp2_session_callbacks_del(callbacks);
  nghttp2_submit_settings(made, NGHTTP2_FLAG_NONE, nullptr, 0);
  exchange();
}

void http2_client::set_callbacks(nghttp2_session_callbacks* to) {
  nghttp2_session_callbacks_set_on_header_callback(
      to, [](nghttp2_session*, nghttp2_frame const* frame, std::uint8_t const* name,
             std::size_t name_size, std::uint8_t const* value, std::size_t value_size, std::uint8_t,
             void* self) {
        auto& reply = static_cast<http2_client*>(self)->replies_[frame->hd.stream_id];
        auto const key = text(name, name_size);
        bool const behind = frame->headers.cat == NGHTTP2_HCAT_HEADERS;
        if (key == ":status") reply.status = std::stoi(std::string(text(value, value_size)));
        else (behind ? reply.trailers : reply.fields).add(key, text(value, value_size));
        return 0;
      });
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
      to, [](nghttp2_session*, std::uint8_t, std::int32_t id, std::uint8_t const* bytes,
             std::size_t size, void* self) {
        static_cast<http2_client*>(self)->replies_[id].body += text(bytes, size);
        return 0;
      });
  nghttp2_session_callbacks_set_on_stream_close_callback(
      to, [](nghttp2_session*, std::int32_t id, std::uint32_t code, void* self) {
        static_cast<http2_client*>(self)->replies_[id].closed = code;
        return 0;
      });
  nghttp2_session_callbacks_set_on_frame_recv_callback(
      to, [](nghttp2_session*, nghttp2_frame const* frame, void* self) {
        auto& client = *static_cast<http2_client*>(self);
        if (frame->hd.type == NGHTTP2_GOAWAY) client.goaway_ = frame->goaway.error_code;
        if (frame->hd.type == NGHTTP2_PING) ++client.pongs_;
        return 0;
      });
}

std::int32_t http2_client::submit(std::string_view method, std::string_view path,
                                  net::http_fields const& fields,
                                  nghttp2_data_provider const* body) {
  net::http_fields all{{":method", std::string(method)},
                       {":scheme", "http"},
                       {":authority", "h"},
                       {":path", std::string(path)}};
  for (auto const& [name, value] : fields) all.add(name, value);
  net::header_block const header(all);
  return nghttp2_submit_request(session_.get(), nullptr, header.pointers().data(),
                                header.pointers().size(), body, nullptr);
}

std::int32_t http2_client::request(std::string_view path, net::http_fields fields, std::string body,
                                   std::string_view method) {
  nghttp2_data_provider from{};
  from.read_callback = [](nghttp2_session*, std::int32_t id, std::uint8_t* into, std::size_t room,
                          std::uint32_t* flags, nghttp2_data_source*, void* self) -> ssize_t {
    auto& left = static_cast<http2_client*>(self)->bodies_[id];
    auto const size = std::min(room, left.size());
    std::memcpy(into, left.data(), size);
    left.erase(0, size);
    if (left.empty()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(size);
  };
  auto const id = submit(method, path, fields, body.empty() ? nullptr : &from);
  bodies_[id] = std::move(body);
  exchange();
  return id;
}

std::int32_t http2_client::begin_request(std::string_view path, net::http_fields fields) {
  nghttp2_data_provider never{};
  never.read_callback = [](nghttp2_session*, std::int32_t, std::uint8_t*, std::size_t,
                           std::uint32_t*, nghttp2_data_source*,
                           void*) -> ssize_t { return NGHTTP2_ERR_DEFERRED; };
  auto const id = submit("POST", path, fields, &never);
  exchange();
  return id;
}

void http2_client::reset(std::int32_t stream) {
  nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
  exchange();
}

void http2_client::ping() {
  nghttp2_submit_ping(session_.get(), NGHTTP2_FLAG_NONE, nullptr);
  exchange();
}

void http2_client::exchange() {
  bool moved = true;
  while (moved) {
    moved = false;
    std::uint8_t const* bytes = nullptr;
    std::string out;
    for (ssize_t size = 0; (size = nghttp2_session_mem_send(session_.get(), &bytes)) > 0;) {
      out += text(bytes, static_cast<std::size_t>(size));
    }
    if (!out.empty() && !wire_.ended()) {
      wire_.send(out);
      moved = true;
    }
    auto const in = wire_.take();
    if (in.empty()) continue;
    nghttp2_session_mem_recv(session_.get(), reinterpret_cast<std::uint8_t const*>(in.data()),
                             in.size());
    moved = true;
  }
}

}  // namespace corunner::test
