#pragma once

#include "runner/cache/cache_archiver.hpp"
#include "runner/cache/cache_extractor.hpp"
#include "test/runner/artifact/artifact_world.hpp"

namespace corunner::test {

inline constexpr auto an_hour_ago = "Sun, 13 Sep 2020 12:26:40 GMT";  // what scratch files have
inline constexpr auto now_and_then = "Tue, 14 Nov 2023 22:13:20 GMT";

// A cache command in a project, with a cache directory and an object store.
struct cache_world : artifact_world {
  cache_world() {
    files.folder("cache");
    saving.file = files.path("cache/key/cache.zip");
    saving.alternate_file = saving.file;
    saving.paths = {"deps"};
    loading.file = saving.file;
  }

  int save() { return run(archive_cache(context, saving)); }
  int load() { return run(extract_cache(context, loading)); }
  bool logged(std::string_view line) const { return log.find(line) != std::string::npos; }

  cache_archiver_options saving;
  cache_extractor_options loading;
};

}  // namespace corunner::test
