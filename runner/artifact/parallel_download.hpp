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
  awaitable<std::optional<net::http_response>> fetch(std::string range);

  artifact_context& context_;
  artifact_client& client_;
  transfer_meter& meter_;
  logger log_;
  std::string url_;
};

}  // namespace corunner
