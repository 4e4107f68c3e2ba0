#include "runner/job/git_access.hpp"

#include "runner/job/git_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace corunner {
namespace {

std::string without_trailing_slash(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

std::string credentials_of(git_access_facts const& facts) {
  return fmt::format("{}:{}", git_user, facts.token);
}

// The remote as the job may use it: with user information, or without when tokens are not wanted.
std::optional<git_url> remote_of(git_access_facts const& facts) {
  auto const text =
      facts.clone_url.empty()
          ? facts.repo_url
          : fmt::format("{}/{}.git", without_trailing_slash(facts.clone_url), facts.project_path);
  auto url = parse_git_url(text);
  if (!url) return url;
  if (url->is_ssh()) {
    if (url->user_info.empty()) url->user_info = "git";
  } else if (facts.without_tokens) {
    url->user_info.clear();
  } else if (!facts.clone_url.empty() && url->is_http()) {
    url->user_info = credentials_of(facts);
  }
  return url;
}

class rewrite_list {
 public:
  void add(std::string to, std::string from) {
    git_access::rewrite const one{std::move(to), std::move(from)};
    if (one.to != one.from && std::ranges::find(list_, one) == list_.end()) list_.push_back(one);
  }
  std::vector<git_access::rewrite> take() { return std::move(list_); }

 private:
  std::vector<git_access::rewrite> list_;
};

void add_ssh_rewrites(rewrite_list& rewrites, git_access_facts const& facts,
                      std::string const& base) {
  if (facts.ssh_port.empty() || facts.ssh_port == "22") {
    rewrites.add(base + "/", fmt::format("git@{}:", facts.ssh_host));
    rewrites.add(base, fmt::format("ssh://git@{}", facts.ssh_host));
  } else {
    rewrites.add(base, fmt::format("ssh://git@{}:{}", facts.ssh_host, facts.ssh_port));
  }
}

// What is below the server's own address gets the job's credentials.
void add_base_rewrites(rewrite_list& rewrites, git_access_facts const& facts) {
  auto const text = facts.clone_url.empty() ? facts.runner_url : facts.clone_url;
  auto base = parse_git_url(without_trailing_slash(text));
  if (!base || !base->is_http()) return;
  auto const plain = base->without_credentials();
  base->user_info = facts.without_tokens ? std::string() : credentials_of(facts);
  if (!facts.without_tokens) rewrites.add(base->to_string(), plain);
  if (facts.force_https) add_ssh_rewrites(rewrites, facts, base->to_string());
}

void add_repository_host(rewrite_list& rewrites, git_access_facts const& facts) {
  auto const repository = parse_git_url(facts.repo_url);
  if (facts.without_tokens || !repository || !repository->is_http()) return;
  rewrites.add(fmt::format("{}://{}@{}", repository->scheme, credentials_of(facts),
                           repository->authority),
               repository->origin());
}

std::string quoted_value(std::string_view value) {
  bool const quotes = value.find_first_of(";#") != std::string_view::npos ||
                      value.starts_with(' ') || value.ends_with(' ');
  std::string out;
  for (char const c : value) {
    switch (c) {
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      default: out += c;
    }
  }
  return quotes ? fmt::format("\"{}\"", out) : out;
}

std::string escaped_subsection(std::string_view name) {
  std::string out;
  for (char const c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

git_access git_access_of(git_access_facts const& facts) {
  git_access out;
  rewrite_list rewrites;
  if (auto const remote = remote_of(facts)) {
    // An ssh user name is no secret and part of the address.
    out.remote = remote->is_ssh() ? remote->to_string() : remote->without_credentials();
    out.clone_remote = remote->to_string();
    out.origin = remote->origin();
    out.http = remote->is_http();
    out.takes_credentials = remote->is_http() || remote->is_ssh();
    rewrites.add(out.clone_remote, out.remote);
  } else {
    out.remote = out.clone_remote = facts.repo_url;
  }
  add_base_rewrites(rewrites, facts);
  add_repository_host(rewrites, facts);
  out.rewrites = rewrites.take();
  return out;
}

void git_configuration::add(std::string section, std::string subsection, std::string key,
                            std::string value) {
  auto const found = std::ranges::find_if(blocks_, [&](block const& one) {
    return one.section == section && one.subsection == subsection;
  });
  auto& where = found == blocks_.end()
                    ? blocks_.emplace_back(block{std::move(section), std::move(subsection), {}})
                    : *found;
  where.entries.emplace_back(std::move(key), std::move(value));
}

std::string git_configuration::text() const {
  std::string out;
  for (auto const& block : blocks_) {
    out += block.subsection.empty()
               ? fmt::format("[{}]\n", block.section)
               : fmt::format("[{} \"{}\"]\n", block.section, escaped_subsection(block.subsection));
    for (auto const& [key, value] : block.entries) {
      out += fmt::format("\t{} = {}\n", key, quoted_value(value));
    }
  }
  return out;
}

}  // namespace corunner
