#pragma once

#include <string>
#include <string_view>

namespace corunner {

// The names of one cache. cache-and-secrets.md A3
struct cache_key {
  std::string human;      // shown in the log; empty: nothing was left of the key
  std::string storage;    // below the cache directory: the human key, or its hash
  std::string alternate;  // the same cache under the other of the two schemes
  std::string warning;    // what happened to the key on the way, for the log; may be empty
};

// `raw` is the key with its variables expanded.
cache_key make_cache_key(std::string_view raw, bool hashed);

// A key as a path that cannot climb, without an empty tail; empty when nothing is left.
std::string sanitize_cache_key(std::string_view raw);

// True when CACHE_FALLBACK_KEY may not be this: it would reach the caches of protected branches.
bool is_protected_fallback_key(std::string_view raw);

}  // namespace corunner
