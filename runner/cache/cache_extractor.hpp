#pragma once

#include "net/asio.hpp"
#include "runner/artifact/artifact_context.hpp"
#include "runner/cache/cache_options.hpp"

namespace corunner {

// Fetches the archive of a cache when the store has a younger one, and unpacks it into the working
// directory (helper.md 9.5). An archive of the store that cannot be unpacked is removed, so that
// the next job fetches it anew. Returns the exit code: 1 tells the job to try its next key.
awaitable<int> extract_cache(artifact_context& context, cache_extractor_options options);

}  // namespace corunner
