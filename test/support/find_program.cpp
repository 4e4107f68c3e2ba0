#include "test/support/find_program.hpp"

#include <cstdlib>
#include <sstream>

namespace corunner::test {

namespace fs = std::filesystem;

fs::path find_program(std::string const& name) {
  auto const variable = [](char const* of) {
    auto const* const value = std::getenv(of);
    return std::string(value ? value : "");
  };
  auto const cache = variable("XDG_CACHE_HOME");
  auto const below = cache.empty() ? fs::path(variable("HOME")) / ".cache" : fs::path(cache);
  if (auto const ours = below / "corunner/programs" / name; fs::exists(ours)) return ours;
  std::istringstream path(variable("PATH"));
  for (std::string directory; std::getline(path, directory, ':');) {
    if (fs::exists(fs::path(directory) / name)) return fs::path(directory) / name;
  }
  return {};
}

}  // namespace corunner::test
