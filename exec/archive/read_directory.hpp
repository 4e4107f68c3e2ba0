#pragma once

#include <optional>
#include <string>
#include <vector>

namespace corunner::exec {

struct directory_entry {
  std::string name;
  bool is_directory = false;  // itself, not what a link leads to
};

// What is in a directory, without "." and "..". Blocks.
std::optional<std::vector<directory_entry>> try_read_directory(std::string const& path);
// The same; nothing is in one that cannot be read.
std::vector<directory_entry> read_directory(std::string const& path);

}  // namespace corunner::exec
