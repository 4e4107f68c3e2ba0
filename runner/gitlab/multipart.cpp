#include "runner/gitlab/multipart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <utility>

namespace corunner::gitlab {

namespace {

// Quoted as browsers do it: what would end the text or the line is percent-encoded.
std::string quoted(std::string_view text) {
  std::string out;
  for (char const c : text) {
    switch (c) {
      case '"': out += "%22"; break;
      case '\r': out += "%0D"; break;
      case '\n': out += "%0A"; break;
      default: out += c;
    }
  }
  return out;
}

std::string new_boundary() {
  std::random_device random;
  return fmt::format("corunner{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

// A text, the bytes of another source, a text.
class framed_source final : public net::body_source {
 public:
  framed_source(std::string head, std::unique_ptr<net::body_source> middle, std::string tail)
      : head_(std::move(head)), middle_(std::move(middle)), tail_(std::move(tail)) {}

  awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
    if (auto const n = take(head_, into)) co_return n;
    if (middle_) {
      auto const n = co_await middle_->read_some(into);
      if (!n || *n > 0) co_return n;
      middle_.reset();
    }
    co_return take(tail_, into);
  }

 private:
  static std::size_t take(std::string& from, asio::mutable_buffer into) {
    auto const n = std::min(from.size(), into.size());
    std::memcpy(into.data(), from.data(), n);
    from.erase(0, n);
    return n;
  }

  std::string head_;
  std::unique_ptr<net::body_source> middle_;
  std::string tail_;
};

}  // namespace

multipart_file multipart_of(std::string_view field, std::string_view file_name,
                            net::http_body content) {
  auto const boundary = new_boundary();
  auto const head = fmt::format(
      "--{}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n"
      "Content-Type: application/octet-stream\r\n\r\n",
      boundary, quoted(field), quoted(file_name));
  auto const tail = fmt::format("\r\n--{}--\r\n", boundary);
  multipart_file out;
  out.content_type = "multipart/form-data; boundary=" + boundary;
  if (content.length) out.body.length = head.size() + *content.length + tail.size();
  out.body.open = [head, tail, open = std::move(content.open)] {
    return std::unique_ptr<net::body_source>(std::make_unique<framed_source>(head, open(), tail));
  };
  return out;
}

}  // namespace corunner::gitlab
