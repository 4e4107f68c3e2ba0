#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace corunner {

// The address of a repository, taken apart but not decoded: what is put together again is the same
// text. Only the form scheme://[user[:password]@]host[:port]/path is one.
struct git_url {
  std::string scheme;
  std::string user_info;   // "user:password", without the @; empty: none
  std::string authority;   // host and port
  std::string path;        // with its leading slash; may hold a query

  bool is_http() const { return scheme == "http" || scheme == "https"; }
  bool is_ssh() const { return scheme == "ssh"; }
  // "https://gitlab.example.com:8443"
  std::string origin() const;
  std::string without_credentials() const;
  std::string to_string() const;
};

// Nothing when `text` has no scheme or no host.
std::optional<git_url> parse_git_url(std::string_view text);

// "group/project": where the sources of a job go below the builds directory. Falls back to
// project-<id> when the address gives no usable path. job-lifecycle.md 12
std::string project_slug(std::string_view repo_url, long long project_id);

}  // namespace corunner
