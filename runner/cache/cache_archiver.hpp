#pragma once

#include "net/asio.hpp"
#include "runner/artifact/artifact_context.hpp"
#include "runner/cache/cache_options.hpp"

namespace corunner {

// Packs what the options select into the archive of a cache, unless the one that is there is as
// young as all of it, and sends it to the store when there is one (helper.md 9.4).
//
// The archive replaces the old one in one step and grows out of sight, so that jobs with the same
// key may read and write it at the same time. Returns the exit code: 0 also when there is nothing
// to do.
awaitable<int> archive_cache(artifact_context& context, cache_archiver_options options);

}  // namespace corunner
