#include "runner/cache/open_directories.hpp"

#include "exec/archive/input_file.hpp"

#include <sys/stat.h>

#include <cerrno>

namespace corunner {

int open_directories(logger& log, std::vector<std::string> const& paths) {
  if (paths.empty()) {
    log.fatal("No arguments passed, at least 1 path is required.");
    return 1;
  }
  for (auto const& path : paths) {
    if (::chmod(path.c_str(), 0777) == 0) continue;
    log.error("failed to chmod path", {{"error", exec::system_message("chmod", path, errno)}});
  }
  return 0;
}

}  // namespace corunner
