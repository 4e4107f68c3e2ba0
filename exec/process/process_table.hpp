#pragma once

#include <optional>
#include <vector>

namespace corunner::exec {

struct process_facts {
  int pid = 0;
  int parent = 0;
  int group = 0;
};

// The numbers of all processes of this machine, and what the system says of one: nothing when it is
// gone.
std::vector<int> all_processes();
std::optional<process_facts> facts_of(int pid);

std::vector<process_facts> members_of_group(int group);

}  // namespace corunner::exec
