#pragma once

#include "net/asio.hpp"
#include "net/time_source.hpp"

#include <filesystem>
#include <string>

namespace corunner {

struct steps_proxy_options {
  std::filesystem::path socket;
  int input = 0;   // descriptors of ours
  int output = 1;
};

// Connects two descriptors with a unix socket: how the runner reaches the server of native steps
// inside a container (helper.md 11). Returns why it could not connect, else empty once the peer has
// closed, or a few seconds after the input has ended, so that what was asked last is answered.
//
// Neither direction waits for the other. What is written never blocks; the flags of the
// descriptors, which others share, stay as they are.
awaitable<std::string> steps_proxy(net::time_source& time, steps_proxy_options how);

// In the directory for temporary files.
std::filesystem::path default_steps_socket();

}  // namespace corunner
