#pragma once

#include "net/asio.hpp"

namespace corunner::exec {

// All that a child does before it becomes its program. Everything is made ready by the parent,
// because until then the child runs on the parent's memory.
struct child_start {
  char* const* arguments = nullptr;    // ends with null; the first is looked up in our PATH
  char* const* environment = nullptr;  // ends with null
  char const* directory = nullptr;     // null: where we are
  // Descriptors above 2, left open in the parent.
  int in = -1;
  int out = -1;
  int err = -1;
  // The open directory of a control group, in which the child begins, so that nothing it starts can
  // be outside; -1 for none. A child that is not let in runs where we are.
  int control_group = -1;
  bool leads_group = true;  // a process group of its own, else it stays in ours
};

// Its pid, once it is the program. Signals at their defaults, no descriptor but its three. The
// error is that of the first step that failed; the child is gone then.
result<int> start_child(child_start const& how);

}  // namespace corunner::exec
