#include "runner/coordinator/git/remote_url.hpp"

#include <cctype>
#include <vector>

namespace corunner::coordinator {

namespace {

std::vector<std::string_view> components(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    auto const part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), part.size() + 1));
    if (!part.empty() && part != "." && part != "..") parts.push_back(part);
  }
  return parts;
}

}  // namespace

std::string path_component(std::string_view text) {
  std::string made;
  for (char const c : text) {
    bool const fine =
        std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
    made += fine ? c : '-';
  }
  auto const first = made.find_first_not_of("-.");
  if (first == std::string::npos) return "project";
  return made.substr(first);
}

std::string without_credentials(std::string_view url) {
  auto const scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::string(url);
  auto const rest = url.substr(scheme + 3);
  auto const at = rest.substr(0, rest.find('/')).rfind('@');
  if (at == std::string_view::npos) return std::string(url);
  return std::string(url.substr(0, scheme + 3)) + std::string(rest.substr(at + 1));
}

std::string project_path_of(std::string_view url) {
  if (url.ends_with(".git")) url.remove_suffix(4);
  bool local = false;
  if (auto const scheme = url.find("://"); scheme != std::string_view::npos) {
    local = url.starts_with("file://");
    url.remove_prefix(scheme + 3);
    url.remove_prefix(std::min(url.size(), url.find('/')));
  } else if (auto const colon = url.find(':');
             colon != std::string_view::npos &&
             url.substr(0, colon).find('/') == std::string_view::npos) {
    url.remove_prefix(colon + 1);
  } else {
    local = true;
  }
  auto parts = components(url);
  if (parts.empty()) return {};
  if (local && parts.size() > 2) parts.erase(parts.begin(), parts.end() - 2);
  std::string path;
  if (parts.size() == 1) path = "local";
  for (auto const part : parts) {
    if (!path.empty()) path += '/';
    path += path_component(part);
  }
  return path;
}

}  // namespace corunner::coordinator
