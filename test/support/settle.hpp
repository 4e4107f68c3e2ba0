#pragma once

#include "net/asio.hpp"

#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>

namespace corunner::test {

// Runs the loop until nothing is ready any more. The order of events is then exact.
void settle(asio::io_context& io);

// Spawns `work`, settles, and requires that it has ended; rethrows what it threw.
void run_to_end(asio::io_context& io, awaitable<void> work);

}  // namespace corunner::test
