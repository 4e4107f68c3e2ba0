#include "exec/archive/archive_entry.hpp"

#include <sys/stat.h>

namespace corunner::exec {

bool describe_entry(std::string const& root, std::string const& path, archive_entry& into) {
  struct stat info;
  if (::lstat((root + "/" + path).c_str(), &info) != 0) return false;
  into.path = path;
  into.mode = info.st_mode;
  into.uid = info.st_uid;
  into.gid = info.st_gid;
  into.modified = info.st_mtim.tv_sec;
  into.modified_nanoseconds = static_cast<std::int32_t>(info.st_mtim.tv_nsec);
  into.size = static_cast<std::uint64_t>(info.st_size);
  return true;
}

}  // namespace corunner::exec
