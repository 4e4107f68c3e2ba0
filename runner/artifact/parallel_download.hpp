#pragma once

#include "runner/artifact/artifact_client.hpp"
#include "runner/artifact/staged_file.hpp"
#include "runner/artifact/transfer_meter.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace corunner {

// Fetches an object in ranges of 16 MiB, sixteen at a time (protocol.md 6.3): without our token,
// which is none of the store's business. The store must answer a probe and be larger than one
// range.
class parallel_download {
 public:
  parallel_download(artifact_context& context, artifact_client& client, transfer_meter& meter,
                    logger log, std::string url);

  // True when the file holds all of the object. False means: fetch it in another way.
  awaitable<bool> run(staged_file& into);

 private:
  awaitable<std::optional<std::uint64_t>> probe();
  awaitable<void> fetch_ranges(staged_file& into, std::uint64_t size);
  awaitable<bool> fetch(staged_file& into, std::uint64_t first, std::uint64_t length);

  artifact_context& context_;
  artifact_client& client_;
  transfer_meter& meter_;
  logger log_;
  std::string url_;
  std::uint64_t next_ = 0;  // the first byte that nobody has taken on
  bool failed_ = false;
};

// The total of "bytes 0-0/123"; nothing for other text.
std::optional<std::uint64_t> total_of_range(std::string_view content_range);

}  // namespace corunner
