#include "runner/command/temporary_directory.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace corunner {

namespace {

// Jobs may leave directories that nobody may write to: open them, then remove.
void remove_tree(std::filesystem::path const& directory) {
  namespace fs = std::filesystem;
  std::error_code ec;
  fs::remove_all(directory, ec);
  if (!ec) return;
  for (fs::recursive_directory_iterator
           at(directory, fs::directory_options::skip_permission_denied, ec),
       end;
       !ec && at != end; at.increment(ec)) {
    if (at->is_directory(ec) && !at->is_symlink(ec)) {
      fs::permissions(at->path(), fs::perms::owner_all, fs::perm_options::add, ec);
    }
  }
  fs::remove_all(directory, ec);
}

}  // namespace

temporary_directory::temporary_directory(std::string const& name) {
  std::error_code ec;
  auto const base = std::filesystem::temp_directory_path(ec);
  if (ec) {
    failure_ = "no temporary directory: " + ec.message();
    return;
  }
  std::string pattern = (base / (name + "XXXXXX")).string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    failure_ = "cannot make a directory in '" + base.string() + "': " + std::strerror(errno);
    return;
  }
  path_ = pattern;
}

temporary_directory::~temporary_directory() {
  if (!path_.empty()) remove_tree(path_);
}

}  // namespace corunner
