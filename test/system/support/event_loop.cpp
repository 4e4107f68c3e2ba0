#include "test/system/support/event_loop.hpp"

namespace corunner::test {

bool event_loop::run_until(std::function<bool()> const& done, std::chrono::milliseconds limit) {
  auto const end = std::chrono::steady_clock::now() + limit;
  // Also without any event: what `done` looks at may lie outside (a file, a process of somebody
  // else).
  constexpr std::chrono::milliseconds look_again{50};
  auto const guard = asio::make_work_guard(io);
  while (!done()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    io.restart();
    io.run_one_for(look_again);
  }
  return true;
}

void event_loop::run_for(std::chrono::milliseconds span) {
  run_until([] { return false; }, span);
}

}  // namespace corunner::test
