#include "runner/job/git_url.hpp"

#include "net/url.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace corunner {

std::string git_url::origin() const { return fmt::format("{}://{}", scheme, authority); }

std::string git_url::without_credentials() const { return origin() + path; }

std::string git_url::to_string() const {
  if (user_info.empty()) return without_credentials();
  return fmt::format("{}://{}@{}{}", scheme, user_info, authority, path);
}

std::optional<git_url> parse_git_url(std::string_view text) {
  auto const colon = text.find("://");
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  git_url url;
  url.scheme = text.substr(0, colon);
  auto const rest = text.substr(colon + 3);
  auto const slash = std::min(rest.find('/'), rest.size());
  auto host = rest.substr(0, slash);
  url.path = rest.substr(slash);
  if (auto const at = host.rfind('@'); at != std::string_view::npos) {
    url.user_info = host.substr(0, at);
    host.remove_prefix(at + 1);
  }
  if (host.empty()) return std::nullopt;
  url.authority = host;
  return url;
}

std::string project_slug(std::string_view repo_url, long long project_id) {
  auto const fallback = fmt::format("project-{}", project_id);
  auto const url = parse_git_url(repo_url);
  if (!url) return fallback;
  std::string path = net::percent_decode(url->path.substr(0, url->path.find_first_of("?#")));
  if (path.ends_with(".git")) path.resize(path.size() - 4);
  std::string slug = std::filesystem::path("/" + path).lexically_normal().string();
  slug.erase(0, slug.find_first_not_of('/'));
  while (slug.ends_with('/')) slug.pop_back();
  return slug.empty() || slug.find("..") != std::string::npos ? fallback : slug;
}

}  // namespace corunner
