#include "exec/archive/lexical_path.hpp"

#include <vector>

namespace corunner::exec {

std::string clean_path(std::string_view path) {
  bool const absolute = path.starts_with('/');
  std::vector<std::string_view> kept;
  for (std::size_t at = 0; at <= path.size();) {
    auto const end = std::min(path.find('/', at), path.size());
    auto const part = path.substr(at, end - at);
    at = end + 1;
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      kept.push_back(part);
    } else if (!kept.empty() && kept.back() != "..") {
      kept.pop_back();
    } else if (!absolute) {
      kept.push_back(part);
    }
  }
  std::string clean = absolute ? "/" : "";
  for (auto const part : kept) {
    if (!clean.empty() && clean.back() != '/') clean += '/';
    clean += part;
  }
  return clean.empty() ? "." : clean;
}

std::string path_below(std::string_view root, std::string_view path) {
  if (path == root) return ".";
  if (root == "/") return std::string(path.substr(1));
  if (!path.starts_with(root) || path[root.size()] != '/') return {};
  return std::string(path.substr(root.size() + 1));
}

bool leaves(std::string_view path) {
  return path == ".." || path.starts_with("../") || path.starts_with('/');
}

}  // namespace corunner::exec
