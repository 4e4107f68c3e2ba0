#include "runner/cache/remote/remote_cache.hpp"

#include <fmt/format.h>

namespace corunner {

remote_cache_choice open_remote_cache(config::cache_settings const& settings) {
  if (settings.type.empty()) return {};
  return {nullptr,
          fmt::format("Could not create cache adapter: cache factory not found: factory for cache "
                      "adapter \"{}\" was not registered; caches are kept on this machine only",
                      settings.type)};
}

}  // namespace corunner
