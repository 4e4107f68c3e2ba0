#pragma once

#include "config/file.hpp"

#include <filesystem>

namespace corunner {

// Where `local` keeps the caches of a repository from one pipeline to the next: a directory of the
// repository's own below $XDG_CACHE_HOME/corunner or ~/.cache/corunner. `otherwise` when there is
// no such place.
std::filesystem::path local_cache_directory(config::environment const& variables,
                                            std::filesystem::path const& repository,
                                            std::filesystem::path const& otherwise);

}  // namespace corunner
