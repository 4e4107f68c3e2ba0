#include "test/support/manual_time.hpp"

namespace corunner::test {

manual_time::manual_time(asio::any_io_executor executor) : executor_(std::move(executor)) {}

manual_time::wall_time manual_time::wall_now() const {
  // 2026-01-02T03:04:05Z plus what has passed.
  return wall_time(std::chrono::seconds(1767323045)) +
         std::chrono::duration_cast<wall_time::duration>(now_.time_since_epoch());
}

awaitable<error_code> manual_time::sleep_until(time_point when) {
  if (when <= now_) co_return error_code();
  net::event due(co_await asio::this_coro::executor);
  auto const place = sleepers_->emplace(when, &due);
  // Whoever destroys this frame without waking it must not leave a dangling entry behind.
  struct remover {
    std::shared_ptr<sleeper_map> sleepers;
    sleeper_map::iterator place;
    ~remover() { sleepers->erase(place); }
  } const guard{sleepers_, place};
  co_return co_await due.wait();
}

void manual_time::advance(duration by) {
  now_ += by;
  for (auto& [when, due] : *sleepers_) {
    if (when > now_) break;
    due->set();
  }
}

net::time_source::time_point manual_time::next_deadline() const {
  return sleepers_->empty() ? time_point::max() : sleepers_->begin()->first;
}

}  // namespace corunner::test
