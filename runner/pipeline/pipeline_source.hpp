#pragma once

#include <boost/json/fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runner/pipeline/variable.hpp"

namespace corunner::pipeline {

// The commit that a pipeline is for.
struct commit_source {
  std::string sha;         // 40 or 64 hex digits
  std::string before_sha;  // empty: as many zeros as `sha` has digits
  std::string ref;         // branch or tag name without refs/...
  bool is_tag = false;
  bool ref_protected = false;
  std::string tag_message;
  std::string message;    // whole message; title and description are made from it
  std::string author;     // `Name <mail>`
  std::string timestamp;  // committer date, ISO 8601
  std::string default_branch_base_sha;  // merge base with the default branch, when known

  friend bool operator==(commit_source const&, commit_source const&) = default;
};

// The project as GitLab would know it.
struct project_source {
  std::int64_t id = 1;
  std::string path;  // `namespace/name`
  std::string title;  // empty: the last component of `path`
  std::string description;
  std::int64_t namespace_id = 1;
  std::int64_t root_namespace_id = 0;  // 0: same as namespace_id
  std::string visibility = "private";
  std::string topics;
  std::string repository_languages;
  std::string default_branch = "main";
  std::string config_path = ".gitlab-ci.yml";

  friend bool operator==(project_source const&, project_source const&) = default;
};

// The server that the pipeline pretends to run on, and the one that it really talks to.
struct server_source {
  std::string url;              // identity, `https://gitlab.example.com`
  std::string coordinator_url;  // where API and git requests of jobs go; empty: same as `url`
  std::string ssh_host;         // empty: host of `url`
  int ssh_port = 22;
  std::string version = "19.4.0";
  std::string revision;
  std::string registry;      // host[:port] of a container registry; empty: none
  std::string pages_domain;  // empty: none

  friend bool operator==(server_source const&, server_source const&) = default;
};

// Who started it.
struct user_source {
  std::int64_t id = 1;
  std::string login;
  std::string email;
  std::string name;

  friend bool operator==(user_source const&, user_source const&) = default;
};

// What a merge request pipeline knows beyond its commit.
struct merge_request_source {
  std::int64_t id = 1;
  std::int64_t iid = 1;
  std::string source_branch;
  bool source_branch_protected = false;
  std::string target_branch;
  bool target_branch_protected = false;
  std::string diff_base_sha;
  std::string title;
  std::string description;
  std::string labels;     // comma separated
  std::string milestone;
  std::string assignees;

  friend bool operator==(merge_request_source const&, merge_request_source const&) = default;
};

// Everything about a pipeline that does not stand in its YAML: who, what, where, and with which
// variables from outside. `id`, `iid` and `created_at` may be filled in after evaluation.
struct pipeline_source {
  std::int64_t id = 0;
  std::int64_t iid = 0;
  std::string kind = "push";  // CI_PIPELINE_SOURCE: push web schedule api trigger pipeline ...
  std::string created_at;     // ISO 8601, UTC
  bool local = true;          // sets CI_CORUNNER_LOCAL
  std::string schedule_description;
  std::string trigger_payload;      // content of the file variable TRIGGER_PAYLOAD
  std::string open_merge_requests;  // CI_OPEN_MERGE_REQUESTS

  commit_source commit;
  project_source project;
  server_source server;
  user_source user;
  std::optional<merge_request_source> merge_request;

  // Highest precedence first: `--variable` and the like, project settings, groups, instance.
  std::vector<variable> pipeline_variables;
  std::vector<variable> project_variables;
  std::vector<variable> group_variables;
  std::vector<variable> instance_variables;

  friend bool operator==(pipeline_source const&, pipeline_source const&) = default;
};

boost::json::value to_json(pipeline_source const& source);
// Throws std::exception when `json` was not made by to_json: it is our own stored text.
pipeline_source pipeline_source_from_json(boost::json::value const& json);

}  // namespace corunner::pipeline
