#pragma once

#include "net/http_server.hpp"

#include <string_view>

namespace corunner::coordinator {

struct context;

// "/group/name.git/info/refs" and the like.
bool is_git_path(std::string_view path);

// Serves a project's repository over git's smart HTTP protocol, read only, to jobs that run: Basic
// credentials of `gitlab-ci-token` and the job's token. `git upload-pack` does the work; its output
// is streamed, the requests of a fetch are small and read whole (8 MiB at most). Large files of Git
// LFS are served beside it (lfs.hpp). Wire: git's http-protocol and protocol-v2
// (gitprotocol-http(5), gitprotocol-v2(5)).
awaitable<void> serve_git(context& in, net::http_exchange& exchange);

}  // namespace corunner::coordinator
