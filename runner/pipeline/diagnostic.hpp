#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::pipeline {

// Where a node of a YAML file begins; lines and columns count from 1, 0 means "not known".
struct position {
  int line = 0;
  int column = 0;

  friend auto operator<=>(position const&, position const&) = default;
};

// One thing that is wrong with a configuration, in the words that GitLab users know.
struct diagnostic {
  std::string file;  // path inside the repository
  position where;
  std::string path;  // `jobs:build:script`; empty for errors of a whole file
  std::string text;

  friend auto operator<=>(diagnostic const&, diagnostic const&) = default;
};

// `.gitlab-ci.yml:14:3: jobs:build:script config can't be blank`
std::string to_string(diagnostic const& what);

// One line per diagnostic, each ending in a newline.
std::string to_string(std::vector<diagnostic> const& list);

// Collects what is wrong while a file is read, so that one run reports everything.
class diagnostics {
 public:
  void add(std::string_view file, position where, std::string path, std::string text);

  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }

  // Sorted by file and position, each message once.
  std::vector<diagnostic> take();

 private:
  std::vector<diagnostic> list_;
};

}  // namespace corunner::pipeline
