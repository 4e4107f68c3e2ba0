#pragma once

#include "net/asio.hpp"
#include "net/blocking_pool.hpp"

#include <string>

namespace corunner::exec {

// How the extraction of an archive ended; `message` is empty when it worked.
struct extract_outcome {
  std::string message;

  bool ok() const { return message.empty(); }
};

// Unpacks the archive in the file `archive` (zip or tar.zst, told by its first bytes) into the
// directory `root`, an absolute path, with modes, times and, where we may, owners (helper.md 5.2,
// 5.4).
//
// Holds against hostile archives: nothing is written outside of `root`, neither by names nor
// through links, whether they come from the archive or were there before; links are made last;
// special files are left out; setuid, setgid and sticky are dropped; memory is bounded whatever
// sizes are declared, members cannot share their bytes, and what would fill the disk is refused
// (unpack_budget). What was there before is overwritten; what was unpacked before a failure
// stays. Files are unpacked in parallel, `workers` at a time.
awaitable<extract_outcome> extract_archive(net::blocking_pool& pool, std::string archive,
                                           std::string root, unsigned workers);

}  // namespace corunner::exec
