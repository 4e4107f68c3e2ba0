#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

namespace corunner::exec {

// A file, directory or link that goes into an archive: where it is below the root, and what lstat
// said when it was listed. `mode` has the type bits of st_mode.
struct archive_entry {
  std::string path;  // relative, '/' between components; "." is the root itself
  std::uint32_t mode = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::int64_t modified = 0;          // seconds since 1970
  std::int32_t modified_nanoseconds = 0;
  std::uint64_t size = 0;

  bool operator==(archive_entry const&) const = default;

  bool is_directory() const { return (mode & 0170000) == 0040000; }
  bool is_regular() const { return (mode & 0170000) == 0100000; }
  bool is_link() const { return (mode & 0170000) == 0120000; }
};

// What lstat says about `root`/`path`; false when there is no such thing (or it cannot be seen).
bool describe_entry(std::string const& root, std::string const& path, archive_entry& into);

}  // namespace corunner::exec
