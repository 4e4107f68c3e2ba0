#include "runner/artifact/ranged_transfer.hpp"

#include "net/task_group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace corunner {
namespace {

constexpr std::size_t piece = 128 << 10;

}  // namespace

std::optional<std::uint64_t> total_of_range(std::string_view content_range) {
  auto const slash = content_range.rfind('/');
  if (!content_range.starts_with("bytes ") || slash == std::string_view::npos) return std::nullopt;
  auto const text = content_range.substr(slash + 1);
  std::uint64_t total = 0;
  auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), total);
  if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return total;
}

ranged_transfer::ranged_transfer(net::blocking_pool& pool, transfer_meter& meter, request send,
                                 range_plan plan)
    : pool_(pool), meter_(meter), send_(std::move(send)), plan_(plan) {}

// One range; true when it was there to the last byte.
awaitable<bool> ranged_transfer::fetch(staged_file& into, std::uint64_t first,
                                       std::uint64_t length) {
  auto range = fmt::format("bytes={}-{}", first, first + length - 1);
  auto response = co_await send_(std::move(range));
  if (!response || response->status != 206) co_return false;
  std::string buffer(piece, '\0');
  for (std::uint64_t done = 0;;) {
    auto const got = co_await response->read_some(asio::buffer(buffer));
    if (!got || *got > length - done) co_return false;
    if (*got == 0) co_return done == length;
    auto const failure =
        co_await into.write(pool_, first + done, std::string_view(buffer).substr(0, *got));
    if (!failure.empty()) co_return false;
    done += *got;
    meter_.add(*got);
  }
}

awaitable<void> ranged_transfer::fetch_ranges(staged_file& into) {
  while (next_ < plan_.size && !failed_) {
    auto const first = next_;
    auto const length = std::min(plan_.length, plan_.size - first);
    next_ += length;
    bool const complete = co_await fetch(into, first, length);
    if (!complete) failed_ = true;
  }
}

awaitable<bool> ranged_transfer::run(staged_file& into) {
  auto const loop = co_await asio::this_coro::executor;
  net::task_group group(loop);
  for (int i = 0; i < plan_.streams; ++i) group.spawn(fetch_ranges(into));
  co_await group.join();
  co_return !failed_;
}

}  // namespace corunner
