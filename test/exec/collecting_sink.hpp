#pragma once

#include "exec/output_sink.hpp"
#include "net/event.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace corunner::test {

// Keeps what a script prints, per channel and as it arrived.
class collecting_sink : public exec::output_sink {
 public:
  awaitable<void> write(exec::channel from, std::string_view bytes) override {
    (from == exec::channel::out ? out : err) += bytes;
    all += bytes;
    largest = std::max(largest, bytes.size());
    if (on_write) on_write();
    co_return;
  }

  std::string out;
  std::string err;
  std::string all;
  std::size_t largest = 0;
  std::function<void()> on_write;
};

}  // namespace corunner::test
