#pragma once

#include "runner/coordinator/git/git.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace corunner::pipeline {
struct evaluation;
struct pipeline_source;
}

namespace corunner::coordinator {

struct snapshot_options {
  std::filesystem::path directory;  // in the user's repository, or a directory with none
  std::filesystem::path git_dir;    // our bare repository, made when missing
  bool committed_only = false;      // HEAD as it is, without uncommitted and untracked files
  std::string ref;                  // this branch or tag instead of HEAD (implies committed_only)
  std::string file;                 // will be asked for, so that it may come along
};

// A commit that holds a working directory as it was, kept in a bare repository of ours.
//
// The user's repository is only read: objects go to `git_dir` (which borrows the rest by
// objects/info/alternates), the index is a temporary one (local-pipelines.md 13).
struct snapshot {
  std::filesystem::path git_dir;
  std::filesystem::path top;   // of the working tree
  std::string sha;
  std::string before_sha;      // HEAD when the snapshot differs from it, else zeros
  bool dirty = false;          // sha is not the commit that the user has
  bool no_repository = false;  // the directory is not under git

  std::string ref;  // branch or tag name; "HEAD" becomes a branch of the commit's short name
  bool tag = false;
  std::string default_branch;
  std::string message;    // whole
  std::string author;     // "Name <mail>"
  std::string timestamp;  // ISO 8601
  std::string default_branch_base_sha;
  std::string remote_url;    // of `origin`; may be empty; without credentials
  std::string project_path;  // "group/name" from the remote, else "local/<directory name>"
  std::string user_name;     // user.name and user.email of git's configuration
  std::string user_email;
  // The user's branches and tags, "<sha> refs/heads/main": published with the snapshot, so that
  // jobs which fetch everything (GIT_DEPTH=0) find them.
  std::vector<std::string> refs;
  std::vector<std::string> warnings;
  std::map<std::string, std::string> files;  // some of it, by path: what is read already
};

// The snapshot, or a message that says what git did not like.
struct snapshot_outcome {
  std::optional<snapshot> taken;
  std::string failure;
};
awaitable<snapshot_outcome> take_snapshot(git with, snapshot_options options);

// Lets runners fetch it as that pipeline: refs/pipelines/<id>, the branch or tag, and the user's
// other branches and tags as they are. `durable`: also after a power cut. Empty, or what went
// wrong.
std::string publish_snapshot(snapshot const& what, std::int64_t pipeline_id, bool durable);

// Commit, project and user as a pipeline wants to know them; server and kind are the caller's.
pipeline::pipeline_source source_of(snapshot const& from);

// Evaluates the snapshot's `source.project.config_path` (or `text`, when given, as if it stood
// there), with includes, rules:exists and rules:changes answered from the snapshot.
awaitable<pipeline::evaluation> evaluate_snapshot(git with, snapshot const& what,
                                                  pipeline::pipeline_source source,
                                                  std::optional<std::string> text = {});

}  // namespace corunner::coordinator
