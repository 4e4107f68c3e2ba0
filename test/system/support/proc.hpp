#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace corunner::test {

// What the kernel tells about processes, from /proc.

// "3 -> socket" of everything that is open, numbers of pipes and sockets left out.
std::multiset<std::string> open_files(int pid);
std::vector<int> all_processes();
std::vector<int> children_of(int pid);
// Children, their children and so on.
std::vector<int> descendants_of(int pid);
// Arguments with blanks between; empty for one that is gone or a zombie.
std::string title_of(int pid);
// Those whose title or environment has the text.
std::vector<int> processes_with(std::string const& text);
// The largest resident size that it ever had.
std::size_t peak_memory_kilobytes(int pid);

}  // namespace corunner::test
