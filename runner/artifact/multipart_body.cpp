#include "runner/artifact/multipart_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <random>

namespace corunner {
namespace {

std::string quoted(std::string_view name) {
  std::string out;
  for (char const c : name) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\r': out += "%0D"; break;
      case '\n': out += "%0A"; break;
      default: out += c;
    }
  }
  return out;
}

class form_source final : public net::body_source {
 public:
  explicit form_source(std::shared_ptr<multipart_form const> form)
      : form_(std::move(form)), content_(form_->open()),
        frame_(part_head(form_->boundary, form_->file_name)) {
    form_->failure->clear();
  }

  awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
    if (taken_ == frame_.size() && content_) {
      auto const got = co_await content_->read_some(into);
      tell_warnings();
      if (!got) {
        *form_->failure = content_->failure();
        co_return got.error();
      }
      if (form_->sent) form_->sent(*got);
      if (*got > 0) co_return *got;
      content_.reset();
      frame_ = "\r\n--" + form_->boundary + "--\r\n";
      taken_ = 0;
    }
    auto const size = std::min(into.size(), frame_.size() - taken_);
    std::memcpy(into.data(), frame_.data() + taken_, size);
    taken_ += size;
    co_return size;
  }

 private:
  void tell_warnings() {
    auto const& all = content_->warnings();
    for (; told_ < all.size(); ++told_) {
      if (form_->warn) form_->warn(all[told_]);
    }
  }

  std::shared_ptr<multipart_form const> form_;
  std::unique_ptr<exec::archive_source> content_;  // gone once it has ended
  std::string frame_;                              // the head, later the end
  std::size_t taken_ = 0;
  std::size_t told_ = 0;
};

}  // namespace

std::string new_boundary() {
  std::random_device random;
  std::string boundary;
  for (int i = 0; i < 7; ++i) boundary += fmt::format("{:08x}", random());
  return boundary;
}

std::string part_head(std::string_view boundary, std::string_view file_name) {
  return fmt::format("--{}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n"
                     "Content-Type: application/octet-stream\r\n\r\n",
                     boundary, quoted(file_name));
}

net::http_body make_body(std::shared_ptr<multipart_form const> form) {
  net::http_body body;
  body.open = [form = std::move(form)] { return std::make_unique<form_source>(form); };
  return body;
}

}  // namespace corunner
