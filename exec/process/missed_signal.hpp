#pragma once

#include "exec/process/process_table.hpp"

#include <set>
#include <vector>

namespace corunner::exec {

// Whom a SIGTERM to a process group may have missed: a shell that is just about to start its next
// command notes the signal, starts the command, which got none, and looks at its traps when that
// has ended.
//
// So those are meant that a member without children started after the signal. The commands of a
// trap are started, too, but by a shell whose command had to end first: it had a child.
class missed_signal {
 public:
  // Before the signal is sent: who is there.
  void look(std::vector<process_facts> const& members);
  // Of those who are there now, who probably got none.
  std::vector<int> newcomers(std::vector<process_facts> const& members) const;

 private:
  std::set<int> present_;
  std::set<int> childless_;
};

// SIGTERM to a process, if it is in the group: the number may have passed to somebody else.
void terminate_member(int pid, int group);

}  // namespace corunner::exec
