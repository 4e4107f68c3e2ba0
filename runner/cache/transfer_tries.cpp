#include "runner/cache/transfer_tries.hpp"

#include <algorithm>

namespace corunner {
namespace {

constexpr std::int64_t default_minutes = 10;
constexpr std::int64_t most_minutes = 60 * 24 * 365;
constexpr std::int64_t least_buffer = 4 << 10;
constexpr std::int64_t largest_buffer = 64 << 20;

}  // namespace

awaitable<transfer_outcome> try_transfer(artifact_context& context,
                                         cache_transfer_options const& options,
                                         std::function<awaitable<transfer_outcome>()> once) {
  for (std::int64_t tries = 0;; ++tries) {
    auto const ended = co_await once();
    if (ended.ok() || !ended.worth_another || tries >= options.retry) co_return ended;
    context.log.warning("Retrying...", {{"error", ended.error}});
    co_await context.time.sleep_for(options.retry_time);
  }
}

std::chrono::minutes time_limit(cache_transfer_options const& options) {
  auto const minutes = options.timeout > 0 ? options.timeout : default_minutes;
  return std::chrono::minutes(std::min(minutes, most_minutes));
}

std::size_t buffer_size(cache_transfer_options const& options) {
  auto const wanted =
      options.buffer_size > 0 ? options.buffer_size : cache_transfer_options::default_buffer_size;
  return static_cast<std::size_t>(std::clamp(wanted, least_buffer, largest_buffer));
}

}  // namespace corunner
