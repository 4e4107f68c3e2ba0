#pragma once

#include "net/http_server.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace corunner::coordinator {

struct context;

// Large files of Git LFS, to be downloaded only: those that the user's repository has (.git/lfs),
// and those that a snapshot of it made. Wire: Git LFS's batch API with the transfer "basic"
// (git-lfs: docs/api/batch.md).

// "/info/lfs/..."
bool is_lfs_path(std::string_view inside);

// `project_url` is that of the project as jobs know it, with ".git". The caller has seen to it that
// the request may read the repository.
awaitable<void> serve_lfs(context& in, net::http_exchange& exchange, std::filesystem::path git_dir,
                          std::string inside, std::string project_url);

// The file that holds an object, by its SHA-256 in hexadecimal digits; nothing when it is none or
// not there. Looks into the repository and those that lend it their objects.
std::optional<std::filesystem::path> find_lfs_object(std::filesystem::path const& git_dir,
                                                     std::string_view oid);

}  // namespace corunner::coordinator
