#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace corunner {

// What the store keeps about an archive besides its bytes; names in lower case.
using cache_metadata = std::map<std::string, std::string>;

// How both commands move an archive (helper.md 9.4, 9.5).
struct cache_transfer_options {
  static constexpr std::int64_t default_buffer_size = 4 << 20;
  static constexpr std::int64_t default_chunk_size = 16 << 20;
  static constexpr std::int64_t default_concurrency = 16;

  std::int64_t retry = 2;  // tries after the first
  std::chrono::milliseconds retry_time{1'000};
  std::chrono::milliseconds meter_frequency{0};  // 0: no meter
  std::int64_t timeout = 0;                      // minutes for one try; 0: 10
  std::int64_t buffer_size = default_buffer_size;  // bytes; 0: the default
  std::int64_t chunk_size = default_chunk_size;    // bytes of a range; 0: the default
  std::int64_t concurrency = default_concurrency;  // ranges at a time; 0 as 1: one stream
  std::string env_file;  // more variables, as the job's script wrote them; may be missing
};

// Everything that `cache-archiver` can be told (helper.md 9.4).
struct cache_archiver_options {
  cache_transfer_options transfer;
  std::vector<std::string> paths;     // expanded like words of a shell, see expand_word
  std::vector<std::string> excludes;  // likewise
  bool untracked = false;
  bool verbose = false;  // accepted and, as in GitLab's, without effect
  std::string file;
  std::string alternate_file;  // where the same cache was kept under another scheme of keys
  std::string url;             // to PUT to
  std::string check_url;       // to HEAD
  std::string gocloud_url;
  std::vector<std::string> headers;        // "Name: value", for the PUT
  std::optional<cache_metadata> metadata;  // nothing: what the env file says
  std::string compression_level;
  std::string compression_format;
  std::int64_t max_uploaded_archive_size = 0;  // bytes; 0: no limit
};

// Everything that `cache-extractor` can be told (helper.md 9.5).
struct cache_extractor_options {
  cache_transfer_options transfer;
  std::string file;
  std::string url;       // to GET
  std::string head_url;  // to HEAD; empty: url
  std::string gocloud_url;
  std::string alternate_url;
  std::string alternate_head_url;
  std::string alternate_gocloud_url;
};

// Why the sizes make no sense, in GitLab's words, or nothing.
std::string check_sizes(cache_transfer_options const& options);

}  // namespace corunner
