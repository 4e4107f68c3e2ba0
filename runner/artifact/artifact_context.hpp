#pragma once

#include "net/blocking_pool.hpp"
#include "net/dialer.hpp"
#include "net/time_source.hpp"

#include <functional>
#include <map>
#include <string>

namespace corunner {

// What the artifact commands stand on; everything outlives the command. A test owns all of it.
struct artifact_context {
  net::dialer& dialer;
  net::time_source& time;
  net::blocking_pool& pool;
  std::string working_directory;                   // absolute: the project
  std::map<std::string, std::string> environment;  // FF_*, FASTZIP_*, ARCHIVER_STAGING_DIR, TMPDIR, ...
  std::string user_agent;
  // Takes the transfer meter's output: standard output in the program.
  std::function<void(std::string_view)> meter;
};

}  // namespace corunner
