#pragma once

#include <string>
#include <string_view>

namespace corunner::exec {

// Paths as text, without looking at the disk; '/' only, and a pattern is text like any other.

// Drops empty and "." components, lets ".." take its parent away; "." for nothing, no '/' at the
// end.
std::string clean_path(std::string_view path);

// `path` (cleaned, absolute) as seen from `root` (likewise): "." or "a/b"; empty when it is not
// below.
std::string path_below(std::string_view root, std::string_view path);

// True for "..", "../x" and "/x": names that leave the directory they are relative to. Cleaned
// paths.
bool leaves(std::string_view path);

}  // namespace corunner::exec
