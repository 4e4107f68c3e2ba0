#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace corunner::net {

// Where one has to look to see that a path leads to another file: every directory that holds a
// symbolic link of the way (Kubernetes swaps the one called ..data), and the one that holds the
// file. Where the way ends early, the first name that is missing, in the last directory that is
// there.
struct file_trail {
  struct place {
    std::filesystem::path directory;
    std::string name;
    bool operator==(place const&) const = default;
  };
  std::vector<place> places;
  std::filesystem::path file;  // the way with all links followed; empty when it leads nowhere
  dev_t device = 0;            // what is there now
  ino_t inode = 0;

  bool operator==(file_trail const&) const = default;
};

file_trail trail_of(std::filesystem::path const& path);

// What changes when a file is changed or becomes another one; all zero when there is none.
struct file_stamp {
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t modified = 0;  // nanoseconds
  std::int64_t changed = 0;   // nanoseconds; of mode and owner too

  bool operator==(file_stamp const&) const = default;
};

file_stamp stamp_of(std::filesystem::path const& path);

}  // namespace corunner::net
