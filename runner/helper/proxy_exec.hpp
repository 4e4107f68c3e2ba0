#pragma once

#include "exec/process/process.hpp"
#include "net/time_source.hpp"
#include "runner/observe/log.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace corunner {

struct proxy_exec_options {
  std::vector<std::string> command;           // not empty
  std::filesystem::path
      temporary_directory;  // of the job; empty: masks last as long as the command
  bool for_all_users = false;                 // other users of a container add masks, too
};

// Runs a command with our stdin and in our process group, and shows on our stdout and stderr what
// it prints, without the values that the job has announced by `::add-mask::VALUE` in this or an
// earlier run (output_mask.hpp, mask_store.hpp).
//
// Ends with the command, or 1 s later when processes that it left behind hold its pipes. Everything
// printed until then is passed on; a reader that went away ends the command. Returns its exit code,
// 255 when it died of a signal, 127 when it could not be started; each of these is logged.
// helper.md 11
awaitable<int> proxy_exec(exec::process_launcher& processes, net::time_source& time, logger log,
                          proxy_exec_options how);

}  // namespace corunner
