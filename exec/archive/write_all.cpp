#include "exec/archive/write_all.hpp"

#include <unistd.h>

#include <cerrno>

namespace corunner::exec {

int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const done = ::write(descriptor, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
  return 0;
}

}  // namespace corunner::exec
