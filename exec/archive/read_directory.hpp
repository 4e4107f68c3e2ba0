#pragma once

#include <string>
#include <vector>

namespace corunner::exec {

struct directory_entry {
  std::string name;
  bool is_directory = false;  // itself, not what a link leads to
};

// What is in a directory, without "." and ".."; nothing when it cannot be read. Blocks.
std::vector<directory_entry> read_directory(std::string const& path);

}  // namespace corunner::exec
