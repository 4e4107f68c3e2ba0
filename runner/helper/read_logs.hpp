#pragma once

#include "net/asio.hpp"
#include "net/time_source.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

namespace corunner {

struct read_logs_options {
  std::filesystem::path path;
  std::int64_t offset = 0;               // where to begin, in bytes
  std::chrono::nanoseconds wait_for_file{std::chrono::seconds(1)};  // whole seconds count: tries
};

// Shows a log file that another process writes, from an offset on, for as long as the file is
// there.
//
// Each line comes as "<offset behind it> <line>"; a line of more than 16 KiB is cut, one that has
// no end yet is shown at once and its rest as a line of its own. Looks for more every 500 ms.
// Returns the exit code: 100 when the file has gone, 1 for what cannot be read (the reason goes to
// `print`, too: who reads us reads nothing else). Called by the kubernetes executor; helper.md 11.
awaitable<int> read_logs(net::time_source& time, read_logs_options how,
                         std::function<void(std::string_view text)> print);

}  // namespace corunner
