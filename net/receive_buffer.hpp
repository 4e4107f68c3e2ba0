#pragma once

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

namespace corunner::net {

// Bytes that were read from a stream and not yet understood. Holds no memory while it was never
// filled or after release(), so that idle connections cost nothing.
class receive_buffer {
 public:
  std::string_view bytes() const { return {memory_.get() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }

  // Free space behind the bytes: at least one byte unless `limit` bytes are waiting already. Starts
  // with `step` bytes of memory and doubles when it must.
  boost::asio::mutable_buffer room(std::size_t limit, std::size_t step = 8 * 1024) {
    if (empty()) begin_ = end_ = 0;
    if (end_ == capacity_ && begin_ > 0) compact();
    if (capacity_ < step || (end_ == capacity_ && capacity_ < limit)) {
      grow(std::min(std::max(capacity_ * 2, step), std::max(limit, step)));
    }
    auto const most = limit - std::min(limit, end_ - begin_);
    return boost::asio::buffer(memory_.get() + end_, std::min(capacity_ - end_, most));
  }
  void commit(std::size_t size) { end_ += size; }
  void consume(std::size_t size) { begin_ += size; }
  void release() {
    memory_.reset();
    begin_ = end_ = capacity_ = 0;
  }

 private:
  void compact() {
    std::memmove(memory_.get(), memory_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  void grow(std::size_t capacity) {
    auto bigger = std::make_unique_for_overwrite<char[]>(capacity);
    if (!empty()) std::memcpy(bigger.get(), memory_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    memory_ = std::move(bigger);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> memory_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace corunner::net
