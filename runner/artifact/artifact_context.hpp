#pragma once

#include "config/file.hpp"
#include "exec/process/process.hpp"
#include "net/blocking_pool.hpp"
#include "net/dialer.hpp"
#include "net/time_source.hpp"
#include "runner/observe/log.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace corunner {

// What the artifact commands stand on; everything outlives the command. A test owns all of it.
struct artifact_context {
  net::dialer& dialer;
  net::time_source& time;
  net::blocking_pool& pool;
  exec::process_launcher& processes;  // for git
  logger log;
  config::environment variables;  // FF_*, FASTZIP_*, ARCHIVER_STAGING_DIR, TMPDIR, what paths name
  std::string working_directory;      // absolute: the project
  std::string user_agent;
  std::function<void(std::string_view)> meter;   // takes the transfer meter: standard output
  std::function<void(std::string_view)> errors;  // takes what git complains about: standard error

  std::string variable(std::string_view name) const { return variables(name).value_or(""); }
};

}  // namespace corunner
