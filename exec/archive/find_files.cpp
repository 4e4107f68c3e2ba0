#include "exec/archive/glob.hpp"
#include "exec/archive/lexical_path.hpp"
#include "exec/archive/read_directory.hpp"

#include <sys/stat.h>

namespace corunner::exec {
namespace {

using kind = glob::component::kind;

// Looks for the matches of one alternative below a directory.
struct search {
  std::string const& root;
  std::vector<glob::component> const& with;
  std::function<void(std::string const&)> const& found;

  static std::string join(std::string const& directory, std::string const& name) {
    return directory == "." ? name : directory + "/" + name;
  }

  bool exists(std::string const& path, bool follow) const {
    struct stat info;
    auto const full = root + "/" + path;
    return (follow ? ::stat(full.c_str(), &info) : ::lstat(full.c_str(), &info)) == 0;
  }

  void everything(std::string const& directory) const {
    for (auto const& entry : read_directory(root + "/" + directory)) {
      auto const path = join(directory, entry.name);
      found(path);
      if (entry.is_directory) everything(path);
    }
  }

  void any_depth(std::string const& directory, std::size_t at) const {
    if (at + 1 == with.size()) {
      if (!try_read_directory(root + "/" + directory)) return;
      found(directory);
      return everything(directory);
    }
    in(directory, at + 1);
    for (auto const& entry : read_directory(root + "/" + directory)) {
      if (entry.is_directory) any_depth(join(directory, entry.name), at);
    }
  }

  // `directory` is there; what the components from `at` on match below it.
  void in(std::string const& directory, std::size_t at) const {
    if (with[at].what == kind::any_depth) return any_depth(directory, at);
    bool const last = at + 1 == with.size();
    for (auto const& entry : read_directory(root + "/" + directory)) {
      if (!matches_component(with[at], entry.name)) continue;
      auto const path = join(directory, entry.name);
      if (last) {
        found(path);
      } else if (entry.is_directory) {
        in(path, at + 1);
      }
    }
  }

  void from_the_front() const {
    std::string directory = ".";
    std::size_t at = 0;
    while (at < with.size() && with[at].what == kind::literal) {
      directory = join(directory, with[at++].front);
    }
    if (!exists(directory, true)) return;
    if (at == with.size()) return found(clean_path(directory));
    in(directory, at);
  }
};

}  // namespace

void find_files(std::string const& root, glob const& pattern,
                std::function<void(std::string const&)> const& found) {
  for (auto const& with : pattern.alternatives()) {
    if (with.searched) search{root, with.components, found}.from_the_front();
  }
}

}  // namespace corunner::exec
