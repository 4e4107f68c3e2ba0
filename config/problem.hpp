#pragma once

#include <compare>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::config {

// Where something stands in a file, counted from 1; 0: nowhere.
struct position {
  int line = 0;
  int column = 0;

  auto operator<=>(position const&) const = default;
};

// Where each key of a file stands. Keys are paths with the index of list entries:
// "runners[0].docker.image"; an entry itself is "runners[0]".
using positions = std::map<std::string, position, std::less<>>;

// In the order in which GitLab Runner looks for them. The first three keep a file from loading; the
// others do so only where the file or the user asked for strictness.
enum class problem_kind {
  undecodable,     // a value of another type: "toml: line 2 (last key "a.b"): ..."
  unloadable,      // a period, time zone or expression that does not compile
  invalid,         // refused by a check: labels, machine options
  against_schema,  // no url, no token, an unknown shell: GitLab Runner's lint refuses these
  unknown,         // a key that means nothing here
  useless,         // a value that has no effect, or that the job will fail on
};

// Something in a file that its writer should hear of. No value of a secret is ever in the texts.
struct problem {
  problem_kind kind = problem_kind::unknown;
  position where;
  std::string key;      // full name as a person says it: runners.docker.image
  std::string path;     // the same with indexes (see positions)
  std::string text;     // the cause; of an unknown key: a hint, or nothing
  std::string schema;   // against_schema: the words of GitLab Runner's lint
  bool nested = false;  // unknown within a table that is unknown itself
};

// By kind, then in the order of the file.
void sort_problems(std::vector<problem>& all);

// One line: "config.toml:14:3: unknown key 'runners.imagee', did you mean 'image'?".
std::string describe(problem const& what, std::string_view file);

// The same for a person who starts the program: keys within an unknown table are left out, and an
// unknown key that several entries have is told once.
std::vector<std::string> describe_briefly(std::vector<problem> const& all, std::string_view file);

}  // namespace corunner::config
