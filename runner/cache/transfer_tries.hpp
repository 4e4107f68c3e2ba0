#pragma once

#include "runner/artifact/artifact_context.hpp"
#include "runner/cache/cache_options.hpp"
#include "runner/cache/store_client.hpp"

#include <functional>

namespace corunner {

// Makes a transfer until it works, as often as the options say, with a warning before each further
// try. The last outcome.
awaitable<transfer_outcome> try_transfer(artifact_context& context,
                                         cache_transfer_options const& options,
                                         std::function<awaitable<transfer_outcome>()> once);

// How long one request may take.
std::chrono::minutes time_limit(cache_transfer_options const& options);

// How much is held of a transfer at once.
std::size_t buffer_size(cache_transfer_options const& options);

}  // namespace corunner
