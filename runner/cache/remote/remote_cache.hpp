#pragma once

#include "config/cache.hpp"

#include <memory>
#include <string>
#include <vector>

namespace corunner {

// One cache of one job, as its object in a store is named.
struct remote_key {
  std::string storage;    // sanitized, or its hash: below the project's prefix
  bool hashed = false;    // the storage key is a hash: it is sharded by its first two characters
  std::string human;      // what people call it, kept with the object
};

// How a helper gets at one object without credentials of its own: URLs that carry the permission.
// An empty URL: not possible.
struct remote_object {
  std::string get_url;
  std::string head_url;
  std::string put_url;
  std::vector<std::string>
      put_headers;  // "Name: value", signed with the URL: to be sent as they are

  bool operator==(remote_object const&) const = default;
};

// The object store of one job's caches: what signs URLs for a kind of store implements it. One
// object lives as long as its job, whose URLs are good for the time that the job has.
//
// Does not wait: what has to be asked for first (credentials of a role, a bucket's region) is there
// when the object is made. Nothing in the result when a key would leave the project's prefix.
class remote_cache {
 public:
  virtual ~remote_cache() = default;
  virtual remote_object find(remote_key const& key) = 0;
};

// The store that a configuration names, or why there is none: `failure` in GitLab Runner's words.
// No type means that caches stay on this machine, which is no failure (cache-and-secrets.md A1).
struct remote_cache_choice {
  std::unique_ptr<remote_cache> store;
  std::string failure;
};
remote_cache_choice open_remote_cache(config::cache_settings const& settings);

}  // namespace corunner
