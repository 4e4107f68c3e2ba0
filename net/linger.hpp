#pragma once

#include "net/http_inbox.hpp"
#include "net/stream.hpp"
#include "net/time_source.hpp"

#include <chrono>

namespace corunner::net {

// How long a peer may take to read our last words before the connection is torn down.
inline constexpr std::chrono::seconds linger_time{1};

// Closing a socket with unread bytes resets it, and the peer would lose our last answer: says that
// nothing more comes, then reads until the peer has closed too.
awaitable<void> linger(time_source& time, stream& wire, http_inbox& inbox);

}  // namespace corunner::net
