#pragma once

#include "net/asio.hpp"
#include "net/time_source.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace corunner::net {

// Tells when a file may have changed: rewritten in place, replaced by a rename, by another target
// of a symbolic link anywhere on its path, removed, or back again. It says "may": the reader
// compares.
//
// An implementation per system: inotify here; the directory changes of Windows fit as well.
class file_watch {
 public:
  struct options {
    std::chrono::milliseconds settle{250};          // without a further change
    std::chrono::milliseconds at_most{2'000};       // after the first change, whatever follows
    std::chrono::milliseconds while_written{
        10'000};  // the same while a writer has not closed it yet
    // The file's time and size are looked at as well, for what no system call tells: changes made
    // by another machine on a shared file system. This is a wake-up of an idle program.
    std::chrono::milliseconds look{60'000};
    std::chrono::milliseconds look_unaided{3'000};  // while nothing tells us of changes
    // Told once when changes can only be found by looking, and why.
    std::function<void(std::string const& why)> warn;
  };

  virtual ~file_watch() = default;

  // Ends with no error after a change since the last return (at first: since this was made), once
  // it has settled; operation_aborted when cancelled, and then the change is not forgotten. Never
  // throws. One waiter at a time.
  virtual awaitable<error_code> changed() = 0;
};

// `file` need not exist, nor the directories above it. `time` must outlive the watch.
std::unique_ptr<file_watch> watch_file(asio::any_io_executor executor, time_source& time,
                                       std::filesystem::path file, file_watch::options how);

}  // namespace corunner::net
