#pragma once

#include "net/time_source.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace corunner {

// Shows how a transfer goes on, again and again on one line (helper.md 10): at its begin and end,
// and in between with the bytes that pass, at most once in `frequency` (and once a second). Silent
// when that is 0.
class transfer_meter {
 public:
  transfer_meter(net::time_source& time, std::string label, std::chrono::milliseconds frequency,
                 std::function<void(std::string_view)> write);

  // `total`: how much it will be; 0: nobody knows.
  void start(std::uint64_t total = 0);
  void add(std::uint64_t bytes);
  void stop();

 private:
  void show(std::string_view end);

  net::time_source& time_;
  std::string label_;
  std::chrono::milliseconds frequency_;
  std::function<void(std::string_view)> write_;
  std::uint64_t done_ = 0;
  std::uint64_t total_ = 0;
  net::time_source::time_point begun_;
  net::time_source::time_point shown_;
};

// "512 B", "1.11 KB", "2.5 GB": multiples of a thousand.
std::string size_text(double bytes, int decimals);

}  // namespace corunner
