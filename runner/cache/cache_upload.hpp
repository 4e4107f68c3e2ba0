#pragma once

#include "exec/archive/input_file.hpp"
#include "runner/artifact/artifact_context.hpp"
#include "runner/artifact/transfer_meter.hpp"
#include "runner/cache/cache_options.hpp"
#include "runner/cache/store_client.hpp"

#include <memory>
#include <string>

namespace corunner {

// Sends an archive to the object store that the options name (helper.md 9.4, 5 and 6). Options and
// context outlive it.
class cache_upload {
 public:
  cache_upload(artifact_context& context, cache_archiver_options const& options);

  // True when the store has an archive of this key; false also when nobody can tell.
  awaitable<bool> is_there();

  // Sends it unless there is no store or the archive is larger than the store shall take; why it
  // could not be sent, or nothing.
  awaitable<std::string> run();

 private:
  awaitable<transfer_outcome> put(std::shared_ptr<exec::input_file const> archive);
  net::http_fields fields_of(exec::input_file const& archive) const;

  artifact_context& context_;
  cache_archiver_options const& options_;
  store_client store_;
  transfer_meter meter_;
};

}  // namespace corunner
