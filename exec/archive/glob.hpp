#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corunner::exec {

// A path pattern by the rules of GitLab's artifacts (helper.md 4.2, doublestar).
//
// `*` is any run without `/` and takes dot-files, `?` one code point, `[a-z]` `[!a]` `[^a]`
// classes, `{a,b}` alternatives that nest and may hold `/`, `**` as a whole component any depth,
// none included: `dir/**` matches `dir` too. `**` inside a word is `*`, `\` quotes. Case counts.
// Alternatives are written out when the pattern is made; one that would give more than
// `alternatives_limit` of them is not valid. Matching takes time linear in pattern times name.
//
// Looking for files (find_files) differs from matching in two ways, as there: an empty alternative
// at the end of its braces is not tried (`a{x,}` finds `ax` alone), and in components before the
// first wildcard a backslash quotes wildcards and brackets only (`back\slash` is that file).
class glob {
 public:
  static constexpr std::size_t alternatives_limit = 4096;

  explicit glob(std::string_view pattern);

  // False for what GitLab calls "syntax error in pattern"; such a glob matches nothing.
  bool valid() const { return valid_; }
  // `path` is relative, with single slashes and none at its end.
  bool matches(std::string_view path) const;

  // The pattern without its braces, in components; for looking into directories.
  struct component {
    enum class kind { literal, wild, any_depth };
    kind what;
    std::string text;   // literal: unquoted; wild: as written
    std::string front;  // literal: the name it looks for when no wildcard is before it
  };
  struct alternative {
    std::vector<component> components;
    bool searched = true;  // by find_files
  };
  std::vector<alternative> const& alternatives() const { return alternatives_; }

 private:
  std::vector<alternative> alternatives_;
  bool valid_ = true;
};

// One name without `/` against one component that is no `**`, or against the text of a wild one.
bool matches_component(glob::component const& with, std::string_view name);
bool matches_name(std::string_view component, std::string_view name);

// The literal directory at the front and the rest: "a/b/*.c" is {"a/b", "*.c"}, "*.c" is {".",
// "*.c"}.
std::pair<std::string, std::string> split_glob(std::string_view pattern);

// Calls `found` with every path below the directory `root` (an absolute path) that matches,
// relative to it and in no order; one path may come twice. Links are followed in the literal
// components at the front only; what cannot be read is passed over. Blocks.
void find_files(std::string const& root, glob const& pattern,
                std::function<void(std::string const&)> const& found);

}  // namespace corunner::exec
