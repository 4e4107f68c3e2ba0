#pragma once

#include <string>

namespace corunner::exec {

// Something outside our process that an executor makes for a job, and that somebody has to remove when
// we do not live to do it.
struct leftover {
  enum class kind {
    processes,  // those that carry the mark `name` (process_options::mark)
    directory,  // with everything in it; `name` is absolute
  };
  kind what = kind::processes;
  std::string name;

  bool operator==(leftover const&) const = default;
};

}  // namespace corunner::exec
