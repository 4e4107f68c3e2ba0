#include "test/support/settle.hpp"

#include <boost/asio/co_spawn.hpp>

#include <stdexcept>

namespace corunner::test {

void settle(asio::io_context& io) {
  io.restart();
  while (io.poll() > 0) {
  }
}

void run_to_end(asio::io_context& io, awaitable<void> work) {
  std::optional<std::exception_ptr> ended;
  asio::co_spawn(io, std::move(work), [&ended](std::exception_ptr failure) { ended = failure; });
  settle(io);
  if (!ended) throw std::logic_error("the coroutine is still waiting");
  if (*ended) std::rethrow_exception(*ended);
}

}  // namespace corunner::test
