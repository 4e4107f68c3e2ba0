#pragma once

#include <memory>
#include <string_view>

namespace re2 {
class RE2;
}

namespace corunner::pipeline {

// A file pattern of `rules:changes`, `rules:exists` and `cache:key:files`.
//
// Ruby's File.fnmatch with PATHNAME, DOTMATCH and EXTGLOB: `*` and `?` stop at slashes and take
// dot files, `**/` spans directories, `{a,b}` alternates, `\` takes the next character literally.
class glob {
 public:
  explicit glob(std::string_view pattern);
  ~glob();
  glob(glob&&) noexcept;
  glob& operator=(glob&&) noexcept;

  // Whether the whole path matches.
  bool matches(std::string_view path) const;

 private:
  std::unique_ptr<re2::RE2> expression_;
};

}  // namespace corunner::pipeline
