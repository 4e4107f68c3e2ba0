#pragma once

#include "config/secret.hpp"
#include "runner/gitlab/job_secrets.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::gitlab {

// A job as GitLab hands it out (protocol.md 3.6). Plain values with the names of the wire; a name
// that C++ keeps for itself has another (is_public) or a trailing underscore.

struct job_variable {
  std::string key;
  std::string value;
  bool is_public = false;  // "public"
  bool file = false;
  bool masked = false;
  bool raw = false;
  bool operator==(job_variable const&) const = default;
};

struct job_info {
  std::int64_t id = 0;  // the job's, once more
  std::string name;
  std::string stage;
  std::int64_t pipeline_id = 0;
  std::int64_t project_id = 0;
  std::string project_name;
  std::string project_full_path;
  std::int64_t namespace_id = 0;
  std::int64_t root_namespace_id = 0;
  std::int64_t organization_id = 0;
  std::string instance_id;
  std::string instance_uuid;
  std::int64_t user_id = 0;
  std::optional<std::int64_t> scoped_user_id;
  double time_in_queue_seconds = 0;
  std::string project_jobs_running_on_instance_runners_count;  // "0".."4", "5+", "+Inf"
  std::int64_t queue_size = 0;
  std::int64_t queue_depth = 0;
  bool operator==(job_info const&) const = default;
};

struct git_info {
  std::string repo_url;
  std::string repo_object_format;  // empty means sha1
  std::string ref;
  std::string sha;
  std::string before_sha;
  std::string ref_type;  // branch, tag
  std::vector<std::string> refspecs;
  std::int64_t depth = 0;  // 0: everything
  std::optional<bool> protected_;
  bool operator==(git_info const&) const = default;
};

struct job_limits {  // "runner_info" of the payload
  std::string uuid;
  std::int64_t timeout = 0;  // seconds; <= 0 means 7200
  bool operator==(job_limits const&) const = default;
};

struct job_input {
  std::string key;
  std::string type;            // string, number, boolean, array, struct
  boost::json::value content;  // of that type
  bool sensitive = false;
  bool operator==(job_input const&) const = default;
};

struct job_step {
  std::string name;  // script, after_script, release, run
  std::vector<std::string> script;
  std::int64_t timeout = 0;
  std::string when;
  bool allow_failure = false;
  bool operator==(job_step const&) const = default;
};

struct image_port {
  std::int64_t number = 0;
  std::string protocol;
  std::string name;
  bool operator==(image_port const&) const = default;
};

struct unknown_option {
  std::string section;  // docker, kubernetes; empty: executor_opts itself
  std::string key;
  bool operator==(unknown_option const&) const = default;
};

struct image_options {  // "executor_opts"
  std::string docker_platform;
  std::string docker_user;
  std::string kubernetes_user;
  // Keys that no executor knows: the job is refused with them (payload_check.hpp). Not written.
  std::vector<unknown_option> unknown;
  bool operator==(image_options const&) const = default;
};

struct job_image {  // also each of `services`
  std::string name;
  std::string alias;
  std::vector<std::string> command;
  std::vector<std::string> entrypoint;
  std::vector<image_port> ports;
  std::vector<job_variable> variables;
  std::vector<std::string> pull_policy;
  image_options executor_opts;
  bool operator==(job_image const&) const = default;
};

struct job_artifact {
  std::string name;
  bool untracked = false;
  std::vector<std::string> paths;
  std::vector<std::string> exclude;
  std::string when;             // empty, on_success, on_failure, always
  std::string artifact_type;    // archive, junit, dotenv, ...
  std::string artifact_format;  // empty, zip, gzip, raw, zipzstd, tarzstd
  std::string expire_in;
  bool operator==(job_artifact const&) const = default;
};

struct job_cache {
  std::string key;
  bool untracked = false;
  std::string policy;  // empty, pull-push, pull, push
  std::vector<std::string> paths;
  std::string when;
  std::vector<std::string> fallback_keys;
  bool operator==(job_cache const&) const = default;
};

struct job_credential {
  std::string type;  // only "registry" is used
  std::string url;
  std::string username;
  secret password;
  bool operator==(job_credential const&) const = default;
};

struct artifacts_file {
  std::string filename;
  std::int64_t size = 0;
  bool operator==(artifacts_file const&) const = default;
};

struct job_dependency {
  std::int64_t id = 0;
  secret token;
  std::string name;
  std::optional<gitlab::artifacts_file> artifacts_file;
  bool operator==(job_dependency const&) const = default;
};

struct job_tracing {
  struct endpoint_auth {
    std::string type;
    std::string http_bearer_gcp_oidc_audience;
    bool operator==(endpoint_auth const&) const = default;
  };
  struct otel_endpoint {
    std::string url;
    std::optional<endpoint_auth> auth;
    bool operator==(otel_endpoint const&) const = default;
  };
  std::string trace_id;
  std::string span_parent_id;
  std::vector<otel_endpoint> otel_endpoints;
  bool operator==(job_tracing const&) const = default;
};

struct job_features {
  bool trace_sections = false;
  std::vector<std::string> token_mask_prefixes;
  std::vector<std::string> failure_reasons;
  std::optional<job_tracing> tracing;
  bool operator==(job_features const&) const = default;
};

struct job_hook {
  std::string name;  // pre_get_sources_script, post_get_sources_script
  std::vector<std::string> script;
  bool operator==(job_hook const&) const = default;
};

struct policy_options {
  bool execution_policy_job = false;
  std::string policy_name;
  std::optional<bool> policy_variables_override_allowed;
  std::optional<std::vector<std::string>> policy_variables_override_exceptions;
  bool operator==(policy_options const&) const = default;
};

struct suspend_options {
  bool suspend_on_success = false;
  bool suspend_on_failure = false;
  std::string runtime_environment_key;
  bool operator==(suspend_options const&) const = default;
};

struct job_payload {
  std::int64_t id = 0;
  secret token;
  bool allow_git_fetch = false;
  gitlab::job_info job_info;
  gitlab::git_info git_info;
  job_limits runner_info;
  std::vector<job_input> inputs;
  std::vector<job_variable> variables;  // in order; the last of one name wins
  std::vector<job_step> steps;
  job_image image;
  std::vector<job_image> services;
  std::vector<job_artifact> artifacts;
  std::vector<job_cache> cache;
  std::vector<job_credential> credentials;
  std::vector<job_dependency> dependencies;
  job_features features;
  std::optional<std::map<std::string, job_secret>> secrets;  // there, but empty: still a stage
  std::vector<job_hook> hooks;
  std::string run;  // a JSON array in a text (protocol.md 3.9)
  gitlab::policy_options policy_options;
  gitlab::suspend_options suspend_options;
  bool operator==(job_payload const&) const = default;
};

// A payload that was read, and what was wrong with it.
struct decoded_job {
  // Everything that could be read, also when there is an error: with id and token such a job can be
  // reported as failed instead of being lost.
  job_payload job;
  // Empty, or the first fault with its path: "variables[3].value: expected string, found number".
  std::string error;

  bool ok() const { return error.empty(); }
  bool reportable() const { return job.id > 0 && !job.token.empty(); }
};

// Reads the JSON text of a job. null equals absent everywhere, unknown members are ignored.
decoded_job decode_job(std::string_view text);
decoded_job decode_job_tree(boost::json::value const& tree);

// Writes what decode_job reads; members that are empty and optional on the wire are left out.
boost::json::object encode_job(job_payload const& job);

}  // namespace corunner::gitlab
