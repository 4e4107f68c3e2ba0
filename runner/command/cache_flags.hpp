#pragma once

#include "runner/cache/cache_options.hpp"
#include "runner/command/flag.hpp"

#include <vector>

namespace corunner {

// What cache-archiver and cache-extractor share on the command line: how an archive is moved.
class cache_transfer_flags {
 public:
  explicit cache_transfer_flags(cache_transfer_options& into) : into_(into) {}

  std::vector<flag> flags();
  // Puts what needs more than a flag where it belongs; call it after parsing.
  void finish();

 private:
  cache_transfer_options& into_;
  config::duration retry_time_ = into_.retry_time;
  config::duration meter_frequency_ = into_.meter_frequency;
};

}  // namespace corunner
