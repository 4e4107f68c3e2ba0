#pragma once

#include <string>

namespace corunner::exec {

// Something outside our process that an executor makes for a job, and that somebody has to remove
// when we do not live to do it.
struct leftover {
  enum class kind {
    processes,      // those that carry the mark `name` (process_options::mark)
    control_group,  // with every process in it; `name` is its directory
    directory,      // with everything in it; `name` is absolute
    git_locks,      // of a git that died with us, in the working copy `name`
  };
  kind what = kind::processes;
  std::string name;

  bool operator==(leftover const&) const = default;
};

// True for what goes on by itself.
inline bool is_alive(leftover const& what) {
  return what.what == leftover::kind::processes || what.what == leftover::kind::control_group;
}

}  // namespace corunner::exec
