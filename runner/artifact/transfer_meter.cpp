#include "runner/artifact/transfer_meter.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner {

std::string size_text(double bytes, int decimals) {
  if (bytes < 1000) return fmt::format("{:.0f} B", bytes);
  std::string_view const prefixes = "KMGTPE";
  std::size_t which = 0;
  for (bytes /= 1000; bytes >= 1000 && which + 1 < prefixes.size(); ++which) bytes /= 1000;
  return fmt::format("{:.{}f} {}B", bytes, decimals, prefixes[which]);
}

transfer_meter::transfer_meter(net::time_source& time, std::string label,
                               std::chrono::milliseconds frequency,
                               std::function<void(std::string_view)> write)
    : time_(time), label_(std::move(label)), frequency_(frequency), write_(std::move(write)) {}

void transfer_meter::show(std::string_view end) {
  shown_ = time_.now();
  auto const seconds = std::chrono::duration<double>(shown_ - begun_).count();
  auto const rate = seconds > 0 ? static_cast<double>(done_) / seconds : 0;
  auto size = size_text(static_cast<double>(done_), 2);
  if (total_ > 0) size += "/" + size_text(static_cast<double>(total_), 2);
  write_(fmt::format("\r{} {} ({}/s){:16}{}", label_, size, size_text(rate, 1), "", end));
}

void transfer_meter::start(std::uint64_t total) {
  done_ = 0;
  total_ = total;
  begun_ = time_.now();
  if (frequency_.count() > 0) show("");
}

void transfer_meter::add(std::uint64_t bytes) {
  done_ += bytes;
  if (frequency_.count() <= 0) return;
  auto const pause = std::max(frequency_, std::chrono::milliseconds(1000));
  if (time_.now() - shown_ >= pause) show("");
}

void transfer_meter::stop() {
  if (frequency_.count() > 0) show("\n");
}

}  // namespace corunner
