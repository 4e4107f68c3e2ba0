#pragma once

#include <string>
#include <utility>
#include <vector>

namespace corunner {

// What decides about addresses and credentials of git in a job.
struct git_access_facts {
  std::string repo_url;        // of the payload, with credentials
  std::string clone_url;       // of the configuration; empty: repo_url is used
  std::string runner_url;      // of the configuration
  std::string project_path;    // CI_PROJECT_PATH
  std::string token;           // of the job
  std::string ssh_host;        // CI_SERVER_SHELL_SSH_HOST, else CI_SERVER_HOST
  std::string ssh_port;        // CI_SERVER_SHELL_SSH_PORT; empty: 22
  bool force_https = false;    // GIT_SUBMODULE_FORCE_HTTPS
  bool without_tokens = false;  // FF_GIT_URLS_WITHOUT_TOKENS
};

// Addresses of a job's repository, and the rewrites that add credentials to what git is asked for.
// Credentials are never stored in .git/config: the remote is set without them, and the rewrites
// stand in a file that every job makes anew. job-lifecycle.md 13.4
struct git_access {
  struct rewrite {
    std::string to;    // url.<to>.insteadOf = <from>
    std::string from;
    bool operator==(rewrite const&) const = default;
  };

  std::string remote;         // without credentials
  std::string clone_remote;   // what `git clone` is given: with credentials unless without_tokens
  std::string origin;         // scheme://host of the remote; empty when it has none
  bool takes_credentials = false;  // http, https or ssh: `git credential reject` has a meaning
  bool http = false;
  std::vector<rewrite> rewrites;
};

git_access git_access_of(git_access_facts const& facts);

inline constexpr char const* git_user = "gitlab-ci-token";

// A git configuration file, put together in memory so that no `git config` has to be started.
class git_configuration {
 public:
  // `subsection` may be empty. A key may be added several times.
  void add(std::string section, std::string subsection, std::string key, std::string value);
  // As git itself writes it.
  std::string text() const;

 private:
  struct block {
    std::string section;
    std::string subsection;
    std::vector<std::pair<std::string, std::string>> entries;
  };
  std::vector<block> blocks_;
};

}  // namespace corunner
