#pragma once

#include "exec/archive/archive_entry.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::exec {

// Something worth telling the person who wrote the paths, in the words that GitLab uses.
struct selection_note {
  bool warning = false;
  std::string text;

  bool operator==(selection_note const&) const = default;
};

// Finds the files that paths and globs name below one directory (helper.md 4.2 to 4.4).
//
// The result is sorted by name and holds each file once. Nothing here ends a job: what cannot be
// taken is a note. Blocks; made for one thread of a pool.
class file_selection {
 public:
  // `root` is an absolute path; `excludes` are globs against single entries, they prune nothing.
  file_selection(std::string root, std::vector<std::string> excludes);
  file_selection(file_selection&&) noexcept;
  ~file_selection();

  // A path or glob, with everything below the directories that it names.
  void add_path(std::string const& path);
  // What `git ls-files -o -z` printed.
  void add_untracked(std::string_view names);
  // One file that must be there, like a statement that was just written.
  void add_file(std::string const& path);
  void note(bool warning, std::string text);

  // Call once, at the end: adds how many files each exclude took.
  void finish();

  std::vector<archive_entry> entries() const;
  std::vector<selection_note> const& notes() const { return notes_; }
  std::string const& root() const { return root_; }

 private:
  struct exclusion;
  bool offer(std::string const& path);
  std::size_t walk(std::string const& path);
  bool is_excluded(std::string const& path);
  std::string inside(std::string const& path) const;

  std::string root_;
  std::vector<exclusion> excludes_;
  std::map<std::string, archive_entry> found_;
  std::vector<selection_note> notes_;
};

}  // namespace corunner::exec
