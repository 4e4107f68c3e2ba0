#include "runner/cache/file_body.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

namespace corunner {
namespace {

class file_source final : public net::body_source {
 public:
  file_source(net::blocking_pool& pool, std::shared_ptr<exec::input_file const> file,
              std::size_t buffer_size, std::function<void(std::uint64_t)> sent)
      : pool_(pool), file_(std::move(file)), buffer_size_(buffer_size), sent_(std::move(sent)) {}

  awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
    if (taken_ == held_.size()) {
      auto read = [file = file_, at = next_, size = buffer_size_] {
        std::string failure;
        return file->read(at, size, failure);
      };
      auto got = co_await net::on_pool(pool_, std::move(read));
      if (!got) co_return error_code(asio::error::fault);
      next_ += got->size();
      held_ = std::move(*got);
      taken_ = 0;
    }
    auto const size = std::min(into.size(), held_.size() - taken_);
    std::memcpy(into.data(), held_.data() + taken_, size);
    taken_ += size;
    sent_(size);
    co_return size;
  }

 private:
  net::blocking_pool& pool_;
  std::shared_ptr<exec::input_file const> file_;
  std::size_t buffer_size_;
  std::function<void(std::uint64_t)> sent_;
  std::uint64_t next_ = 0;  // where reading goes on
  std::string held_;
  std::size_t taken_ = 0;  // of held_
};

}  // namespace

net::http_body file_body(net::blocking_pool& pool, std::shared_ptr<exec::input_file const> file,
                         std::size_t buffer_size, std::function<void(std::uint64_t)> sent) {
  net::http_body body;
  body.length = file->size();
  body.open = [&pool, file = std::move(file), buffer_size, sent = std::move(sent)] {
    return std::make_unique<file_source>(pool, file, buffer_size, sent);
  };
  return body;
}

}  // namespace corunner
