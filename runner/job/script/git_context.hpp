#pragma once

#include "runner/job/git_access.hpp"
#include "runner/job/script/script_context.hpp"

namespace corunner {

// Addresses and rewrites of the job's repository; without tokens if the job wants none, or so
// asked.
git_access git_access_of_job(script_context const& job, bool without_tokens = false);

// How git gets at the job's token. Rewrites of addresses put it into the address, which a list of
// processes shows: the scripts of users rely on them. What git does for us gets a header instead.
enum class git_credentials { headers, rewrites };

// The external configuration file that this job makes for git, as text: correlation id, bundle
// URIs, TLS, credentials. job-lifecycle.md 13.4
std::string external_git_configuration(script_context const& job, git_credentials how);

// The TLS files of the server that this job has, as git settings: key and path.
std::vector<std::pair<std::string, std::string>> tls_configuration(script_context const& job,
                                                                   git_access const& access);

// What the template of new repositories configures, and what every repository must include.
struct git_setting {
  std::string_view section;
  std::string_view key;
  std::string_view value;
};
std::span<git_setting const> template_settings();

}  // namespace corunner
