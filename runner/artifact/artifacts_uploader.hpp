#pragma once

#include "net/asio.hpp"
#include "runner/artifact/artifact_context.hpp"
#include "runner/artifact/artifact_options.hpp"

namespace corunner {

// Packs what the options select and sends it to GitLab while it is packed; tries again as GitLab's
// helper does (helper.md 6, protocol.md 6.1). Logs through runner/observe/log.
// Returns the exit code: 0 when sent or when there is nothing to send, 1 otherwise.
awaitable<int> upload_artifacts(artifact_context& context, artifacts_uploader_options options);

}  // namespace corunner
