#pragma once

#include "net/asio.hpp"
#include "net/time_source.hpp"

namespace corunner {

// To be awaited after a piece of work for output: everybody else on the loop has a turn.
//
// When that took so long that the loop is overloaded, it pauses for as long again, at most a
// second. All that print do so, and half of the time is left to what has little to do but many
// turns to take: patches, touches, polls. The scripts wait at their full pipes meanwhile.
awaitable<void> give_way(net::time_source& time);

}  // namespace corunner
