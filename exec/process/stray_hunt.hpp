#pragma once

#include "net/asio.hpp"
#include "net/time_source.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <vector>

namespace corunner::exec {

// How patiently strays are ended.
struct stray_patience {
  std::chrono::milliseconds terminate{2'000};  // after SIGTERM
  std::chrono::milliseconds kill{5'000};       // and after SIGKILL
};

// Who is to be ended.
struct strays {
  // Those that live now.
  std::function<awaitable<std::vector<int>>()> find;
  // Whether this is one of them: asked when its number can no longer pass to somebody else.
  std::function<bool(int pid)> is_one;
  // Kills all of them at one stroke, before SIGKILL goes to each. May be empty.
  std::function<void()> kill_all;
};

// Ends all of them: SIGTERM to each once, wait, SIGKILL, wait, give up; also those that come while
// it waits. It sleeps until one of them ends or its time is over. Returns how many it signalled. A
// cancel does not stop it.
awaitable<std::size_t> end_all(net::time_source& time, strays who, stray_patience how);

}  // namespace corunner::exec
