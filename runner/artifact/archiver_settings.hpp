#pragma once

#include "config/file.hpp"

#include <string>

namespace corunner {

// What variables say about packing and unpacking (helper.md 5.2). `failure` is in GitLab's words.
struct archiver_settings {
  unsigned workers = 1;
  std::string failure;
};

// FASTZIP_ARCHIVER_CONCURRENCY, FASTZIP_ARCHIVER_BUFFER_SIZE (accepted: our buffers have a fixed
// bound) and ARCHIVER_STAGING_DIR (must be there, though nothing is staged).
archiver_settings packing_settings(config::environment const& variables);
// FASTZIP_EXTRACTOR_CONCURRENCY.
archiver_settings unpacking_settings(config::environment const& variables);

// How many processors this process may use.
unsigned processor_count();

}  // namespace corunner
