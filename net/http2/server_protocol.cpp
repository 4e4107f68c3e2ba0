#include "net/http2/server_protocol.hpp"

#include "net/error.hpp"
#include "net/http2/server_streams.hpp"

#include <nghttp2/nghttp2.h>

#include <array>
#include <new>
#include <utility>

namespace corunner::net {
namespace {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};
using session_ptr = std::unique_ptr<nghttp2_session, freed_by<nghttp2_session_del>>;
using callbacks_ptr =
    std::unique_ptr<nghttp2_session_callbacks, freed_by<nghttp2_session_callbacks_del>>;
using option_ptr = std::unique_ptr<nghttp2_option, freed_by<nghttp2_option_del>>;

// What nghttp2 cannot do is always the same here: get memory.
void check(int code) {
  if (code != 0) throw std::bad_alloc();
}

std::string_view text(std::uint8_t const* bytes, std::size_t size) {
  return {reinterpret_cast<char const*>(bytes), size};
}

// --- what nghttp2 calls ---

http2_server_streams& streams_of(void* self) { return *static_cast<http2_server_streams*>(self); }

int on_begin(nghttp2_session*, nghttp2_frame const* frame, void* self) noexcept {
  streams_of(self).begin(*frame);
  return 0;
}

int on_field(nghttp2_session*, nghttp2_frame const* frame, std::uint8_t const* name,
             std::size_t name_size, std::uint8_t const* value, std::size_t value_size, std::uint8_t,
             void* self) noexcept {
  streams_of(self).add_field(frame->hd.stream_id, text(name, name_size), text(value, value_size));
  return 0;
}

int on_data(nghttp2_session*, std::uint8_t, std::int32_t id, std::uint8_t const* bytes,
            std::size_t size, void* self) noexcept {
  streams_of(self).add_data(id, text(bytes, size));
  return 0;
}

int on_received(nghttp2_session*, nghttp2_frame const* frame, void* self) noexcept {
  streams_of(self).received(*frame);
  return 0;
}

int on_sent(nghttp2_session*, nghttp2_frame const* frame, void* self) noexcept {
  streams_of(self).sent(*frame);
  return 0;
}

int on_closed(nghttp2_session*, std::int32_t id, std::uint32_t, void* self) noexcept {
  streams_of(self).closed(id);
  return 0;
}

ssize_t on_fill(nghttp2_session*, std::int32_t id, std::uint8_t* into, std::size_t room,
                std::uint32_t* flags, nghttp2_data_source*, void* self) noexcept {
  return static_cast<ssize_t>(streams_of(self).fill(id, into, room, *flags));
}

session_ptr make_session(http2_server_streams& streams) {
  nghttp2_session_callbacks* made_callbacks = nullptr;
  check(nghttp2_session_callbacks_new(&made_callbacks));
  callbacks_ptr const callbacks(made_callbacks);
  nghttp2_session_callbacks_set_on_begin_headers_callback(made_callbacks, on_begin);
  nghttp2_session_callbacks_set_on_header_callback(made_callbacks, on_field);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made_callbacks, on_data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(made_callbacks, on_received);
  nghttp2_session_callbacks_set_on_frame_send_callback(made_callbacks, on_sent);
  nghttp2_session_callbacks_set_on_stream_close_callback(made_callbacks, on_closed);

  nghttp2_option* made_option = nullptr;
  check(nghttp2_option_new(&made_option));
  option_ptr const option(made_option);
  // Streams that have ended are kept for a tree of priorities that we do not use.
  nghttp2_option_set_no_closed_streams(made_option, 1);

  nghttp2_session* made = nullptr;
  check(nghttp2_session_server_new2(&made, made_callbacks, &streams, made_option));
  streams.belong_to(made, on_fill);
  return session_ptr(made);
}

}  // namespace

struct http2_server_protocol::state {
  explicit state(http2_limits limits) : streams(limits), session(make_session(streams)) {
    std::array<nghttp2_settings_entry, 2> const ours{
        {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.streams},
         {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(limits.header)}}};
    check(nghttp2_submit_settings(session.get(), NGHTTP2_FLAG_NONE, ours.data(), ours.size()));
  }

  http2_server_streams streams;
  session_ptr session;
  bool broken = false;
};

http2_server_protocol::http2_server_protocol(http2_limits limits)
    : state_(std::make_unique<state>(limits)) {}

http2_server_protocol::~http2_server_protocol() = default;

error_code http2_server_protocol::put(std::string_view bytes) {
  if (state_->broken) return errc::bad_message;
  auto const took = nghttp2_session_mem_recv(
      state_->session.get(), reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size());
  if (took >= 0) return {};
  state_->broken = true;
  return errc::bad_message;
}

std::string http2_server_protocol::take_output(std::size_t most) {
  std::string out;
  while (!state_->broken && out.size() < most) {
    std::uint8_t const* bytes = nullptr;
    auto const size = nghttp2_session_mem_send(state_->session.get(), &bytes);
    if (size < 0) state_->broken = true;
    if (size <= 0) break;
    out += text(bytes, static_cast<std::size_t>(size));
  }
  return out;
}

std::optional<http2_request> http2_server_protocol::next_request() {
  return state_->streams.next_request();
}

void http2_server_protocol::answer(std::int32_t stream, http2_response response) {
  state_->streams.answer(stream, std::move(response));
}

void http2_server_protocol::cancel(std::int32_t stream) {
  nghttp2_submit_rst_stream(state_->session.get(), NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
}

void http2_server_protocol::stop() {
  auto* const session = state_->session.get();
  nghttp2_submit_goaway(session, NGHTTP2_FLAG_NONE,
                        nghttp2_session_get_last_proc_stream_id(session), NGHTTP2_NO_ERROR, nullptr,
                        0);
}

bool http2_server_protocol::greeted() const { return state_->streams.greeted(); }

std::vector<http2_server_protocol::open_stream> http2_server_protocol::streams() const {
  return state_->streams.open();
}

bool http2_server_protocol::is_open(std::int32_t stream) const {
  return state_->streams.contains(stream);
}

bool http2_server_protocol::over() const {
  auto* const session = state_->session.get();
  return state_->broken ||
         (!nghttp2_session_want_read(session) && !nghttp2_session_want_write(session));
}

}  // namespace corunner::net
