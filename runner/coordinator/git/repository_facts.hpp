#pragma once

#include "runner/coordinator/git/git.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::coordinator {

// A commit as git shows it.
struct commit_facts {
  std::string sha;
  std::string tree;
  std::string author_name;
  std::string author_mail;
  std::string author_date;  // ISO 8601, as the next date
  std::string committer_name;
  std::string committer_mail;
  std::string committer_date;
  std::string message;  // whole, without newlines at its end
};

// What a snapshot needs to know of a user's repository before it does anything.
struct repository_facts {
  bool no_repository = false;  // the directory is not in a working tree; only `settings` count
  std::filesystem::path top;   // of the working tree, as the next three absolute
  std::string objects;
  std::string shallow;
  std::string index;
  std::string format;                // of objects: "sha1" or "sha256"
  std::optional<commit_facts> base;  // the commit that was asked for; nothing: there is none
  std::string ref;                   // its full name, "refs/tags/v1"; empty: it has none
  std::optional<std::string> file;   // the file of it that was asked for; nothing: look again
  bool clean = false;  // nothing differs from HEAD, nothing is untracked (false when not asked)

  std::string default_branch;     // origin's, else a usual name that is there, else empty
  std::vector<std::string> refs;  // branches and tags, "<sha> refs/heads/main"

  std::string user_name;   // user.name and user.email of git's configuration
  std::string user_email;
  std::string remote_url;  // of `origin`, with credentials if it has some
};

struct repository_question {
  std::filesystem::path directory;
  std::string ref;           // a branch, tag or commit; empty: HEAD
  std::string file;          // what is in this one; may be empty
  bool with_status = false;  // whether HEAD is all there is
};

// Asks git side by side: the time of a list of jobs is the time of git's starts.
//
// Submodules count with the commit that they are at. Throws git_failure when `ref` is no commit or
// git's answer makes no sense.
awaitable<repository_facts> look_at_repository(git with, repository_question what);

// May "<commit>:<path>" name a file of the commit, from any directory and on one line?
bool is_path_in_tree(std::string_view path);

}  // namespace corunner::coordinator
