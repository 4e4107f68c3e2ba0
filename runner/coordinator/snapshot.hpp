#pragma once

#include "net/asio.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace corunner::coordinator {

struct snapshot_options {
  std::filesystem::path directory;  // in the user's repository, or a directory with none
  std::filesystem::path git_dir;    // our bare repository, made when missing
  bool committed_only = false;      // HEAD as it is, without uncommitted and untracked files
  std::string ref;                  // this ref instead of HEAD (implies committed_only)
};

// A commit that holds a working directory as it was, kept in a bare repository of ours.
//
// The user's repository is only read: objects go to `git_dir` (which borrows the rest by
// objects/info/alternates), the index is a temporary one.
struct snapshot {
  std::filesystem::path git_dir;
  std::string sha;
  std::string before_sha;      // HEAD when the snapshot differs from it, else 40 zeros
  bool dirty = false;          // sha is not HEAD
  bool no_repository = false;  // the directory is not under git: a fresh repository was made

  std::string ref;  // branch or tag name; HEAD's sha when detached
  bool tag = false;
  std::string default_branch;
  std::string message;      // whole
  std::string author;       // "Name <mail>"
  std::string author_name;
  std::string author_email;
  std::string timestamp;    // ISO 8601
  std::string remote_url;   // of `origin`; may be empty
  std::string project_path;  // "group/name" from the remote, else "local/<directory name>"
  std::vector<std::string> warnings;

  // Reads a file of the snapshot; an error when it is not there.
  awaitable<result<std::string>> read(std::string path) const;
  // Paths that differ from `base` (any revision), for rules:changes. An error when it is unknown.
  awaitable<result<std::vector<std::string>>> changed_since(std::string base) const;
  // Every path of the tree, for rules:exists.
  awaitable<result<std::vector<std::string>>> files() const;
  // Lets runners fetch it as that pipeline: refs/pipelines/<id> and the branch or tag.
  awaitable<error_code> publish(std::int64_t pipeline_id) const;
};

// The snapshot, or a message that says what git did not like.
struct snapshot_outcome {
  std::optional<snapshot> taken;
  std::string failure;
};
awaitable<snapshot_outcome> take_snapshot(snapshot_options options);

}  // namespace corunner::coordinator
