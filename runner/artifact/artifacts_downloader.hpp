#pragma once

#include "net/asio.hpp"
#include "runner/artifact/artifact_context.hpp"
#include "runner/artifact/artifact_options.hpp"

namespace corunner {

// Fetches the artifacts of one job and unpacks them into the working directory (helper.md 8,
// protocol.md 6.2). Logs through runner/observe/log. Returns the exit code.
awaitable<int> download_artifacts(artifact_context& context, artifacts_downloader_options options);

}  // namespace corunner
