#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace corunner::exec {

// Makes this program the parent of its orphaned descendants.
void become_reaper();

// The children of this program, adopted ones and zombies too.
std::vector<int> children_of_ours();

// The processes of this machine, zombies not, whose environment holds `name`=`value`.
std::vector<int> processes_with(std::string_view name, std::string_view value);

// True when the environment that `pid` was started with holds `name`=`value`. False for zombies,
// and for processes of other users when we are not root.
bool has_in_environment(int pid, std::string_view name, std::string_view value);
// The same for any value.
bool has_in_environment(int pid, std::string_view name);

// Takes the exit status of a child that has ended, so that it is gone; false while it lives.
bool reap(int pid);

}  // namespace corunner::exec
