#include "exec/archive/read_directory.hpp"

#include <dirent.h>
#include <sys/stat.h>

#include <memory>
#include <string_view>

namespace corunner::exec {
namespace {

struct closer {
  void operator()(DIR* open) const { ::closedir(open); }
};

bool is_directory(std::string const& path, dirent const& entry) {
  if (entry.d_type != DT_UNKNOWN) return entry.d_type == DT_DIR;
  struct stat info;
  return ::lstat((path + "/" + entry.d_name).c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

}  // namespace

std::optional<std::vector<directory_entry>> try_read_directory(std::string const& path) {
  std::unique_ptr<DIR, closer> const open(::opendir(path.c_str()));
  if (!open) return std::nullopt;
  std::vector<directory_entry> entries;
  while (auto const* const entry = ::readdir(open.get())) {
    std::string_view const name = entry->d_name;
    if (name != "." && name != "..") entries.push_back({entry->d_name, is_directory(path, *entry)});
  }
  return entries;
}

std::vector<directory_entry> read_directory(std::string const& path) {
  return try_read_directory(path).value_or(std::vector<directory_entry>());
}

}  // namespace corunner::exec
