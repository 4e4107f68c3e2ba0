#include "net/http_parser.hpp"

#include "net/error.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <cstring>
#include <limits>

namespace corunner::net {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t last_chunk_size = 5;  // "0", CRLF, CRLF

error_code translate(error_code const& ec) {
  if (ec == http::error::header_limit) return errc::header_too_large;
  if (ec == http::error::partial_message || ec == http::error::end_of_stream) {
    return errc::incomplete_body;
  }
  return ec.category() == net_category() ? ec : error_code(errc::bad_message);
}

}  // namespace

struct http_parser::machine {
  virtual ~machine() = default;
  virtual result<progress> put(std::string_view in, asio::mutable_buffer body) = 0;
  virtual error_code put_eof() = 0;
  virtual bool started() const = 0;
  virtual bool head_done() const = 0;
  virtual bool done() const = 0;
  virtual bool keep_alive() const = 0;
  virtual bool chunked() const = 0;
  virtual std::optional<std::uint64_t> content_length() const = 0;

  http_head head;
  bool version_1_1 = true;
};

// Beast's parser with our own sinks: fields go straight into the head, body bytes into the caller's
// memory.
template <bool IsRequest>
struct http_parser::machine_of final : machine, http::basic_parser<IsRequest> {
  using parser = http::basic_parser<IsRequest>;
  using view = boost::beast::string_view;

  machine_of(std::size_t header_limit, bool no_body) : limit_(header_limit) {
    constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
    parser::header_limit(static_cast<std::uint32_t>(std::min(header_limit, most)));
    parser::body_limit(boost::none);
    parser::skip(no_body);
  }

  result<progress> put(std::string_view in, asio::mutable_buffer body) override {
    body_ = body;
    progress total;
    while (!parser::is_done() && total.consumed < in.size()) {
      bool const in_head = !parser::is_header_done();
      auto const rest = in.substr(total.consumed);
      if (between_chunks() && rest.size() < last_chunk_size) break;
      auto const before = body_.size();
      error_code ec;
      auto const consumed = parser::put(asio::buffer(rest), ec);
      total.consumed += consumed;
      total.produced += before - body_.size();
      // Beast measures its limit from the last complete field on: ours is for the whole section.
      if (in_head && (head_bytes_ += consumed) > limit_) return error_code(errc::header_too_large);
      if (ec && ec != http::error::need_more) return translate(ec);
      if (in_head && parser::is_header_done()) break;
      if (consumed == 0) break;
    }
    return total;
  }

  error_code put_eof() override {
    if (!parser::got_some()) return asio::error::eof;
    error_code ec;
    parser::put_eof(ec);
    return ec ? translate(ec) : ec;
  }

  bool started() const override { return parser::got_some(); }
  bool head_done() const override { return parser::is_header_done(); }
  bool done() const override { return parser::is_done(); }
  bool keep_alive() const override { return parser::keep_alive(); }
  bool chunked() const override { return parser::chunked(); }
  std::optional<std::uint64_t> content_length() const override {
    auto const known = parser::content_length();
    return known ? std::optional<std::uint64_t>(*known) : std::nullopt;
  }

 private:
  // Where the head of a chunk comes next. Beast 1.83 asserts when the last one is given to it in
  // parts of three and four bytes; no chunked body ends with fewer bytes than that one has.
  bool between_chunks() const {
    return head_complete_ && parser::chunked() && chunk_left_ == 0;
  }

  void on_request_impl(http::verb, view method, view target, int version, error_code&) override {
    head.method = method;
    head.target = target;
    version_1_1 = version >= 11;
  }
  void on_response_impl(int code, view reason, int version, error_code&) override {
    head.status = code;
    head.reason = reason;
    version_1_1 = version >= 11;
  }
  void on_field_impl(http::field, view name, view value, error_code&) override {
    if (!head_complete_) head.fields.add(name, value);  // trailers are read over
  }
  void on_header_impl(error_code& ec) override {
    head_complete_ = true;
    // A coding that we cannot undo hides where a request ends.
    if (IsRequest && head.fields.contains("Transfer-Encoding") && !parser::chunked()) {
      ec = errc::bad_message;
    }
  }
  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
  std::size_t on_body_impl(view bytes, error_code&) override {
    auto const size = std::min(bytes.size(), body_.size());
    if (size > 0) std::memcpy(body_.data(), bytes.data(), size);
    body_ += size;
    return size;
  }
  void on_chunk_header_impl(std::uint64_t size, view, error_code&) override { chunk_left_ = size; }
  std::size_t on_chunk_body_impl(std::uint64_t, view bytes, error_code& ec) override {
    auto const size = on_body_impl(bytes, ec);
    chunk_left_ -= size;
    return size;
  }
  void on_finish_impl(error_code&) override {}

  std::size_t limit_;
  std::size_t head_bytes_ = 0;
  std::uint64_t chunk_left_ = 0;
  bool head_complete_ = false;
  asio::mutable_buffer body_;
};

http_parser::http_parser(kind what, std::size_t header_limit) {
  if (what == kind::request) {
    machine_ = std::make_unique<machine_of<true>>(header_limit, false);
  } else {
    machine_ = std::make_unique<machine_of<false>>(header_limit, what == kind::response_to_head);
  }
}

http_parser::~http_parser() = default;
http_parser::http_parser(http_parser&&) noexcept = default;
http_parser& http_parser::operator=(http_parser&&) noexcept = default;

result<http_parser::progress> http_parser::put(std::string_view in, asio::mutable_buffer body) {
  return machine_->put(in, body);
}
error_code http_parser::put_eof() { return machine_->put_eof(); }
bool http_parser::started() const { return machine_->started(); }
bool http_parser::head_done() const { return machine_->head_done(); }
bool http_parser::done() const { return machine_->done(); }
bool http_parser::keep_alive() const { return machine_->keep_alive(); }
bool http_parser::version_1_1() const { return machine_->version_1_1; }
bool http_parser::chunked() const { return machine_->chunked(); }
std::optional<std::uint64_t> http_parser::content_length() const {
  return machine_->content_length();
}
http_head& http_parser::head() { return machine_->head; }

}  // namespace corunner::net
