#pragma once

#include <boost/json/fwd.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/pipeline/variable.hpp"

namespace corunner::pipeline {

enum class job_when { on_success, on_failure, always, manual, delayed };

std::string_view to_string(job_when when);
std::optional<job_when> job_when_from(std::string_view text);

// One entry of `needs`, of a job that is in the plan.
struct job_need {
  std::string job;
  bool artifacts = true;

  friend bool operator==(job_need const&, job_need const&) = default;
};

// `retry`; max 0 means never.
struct retry_policy {
  int max = 0;
  bool given = false;             // absent and 0 differ for scheduler_failure
  std::vector<std::string> when;  // failure reasons, or `always`
  std::vector<int> exit_codes;

  friend bool operator==(retry_policy const&, retry_policy const&) = default;
};

// `image` or one of `services`.
struct image_definition {
  std::string name;
  std::optional<std::vector<std::string>> entrypoint;
  std::optional<std::vector<std::string>> command;  // services only
  std::string alias;                                // services only
  std::vector<std::string> pull_policy;
  std::vector<variable> variables;  // services only
  std::string docker_platform;
  std::string docker_user;
  std::string kubernetes_user;

  friend bool operator==(image_definition const&, image_definition const&) = default;
};

// One report of `artifacts:reports`.
struct report_definition {
  std::string type;  // junit, dotenv, cobertura, ...
  std::vector<std::string> paths;

  friend bool operator==(report_definition const&, report_definition const&) = default;
};

struct artifacts_definition {
  std::vector<std::string> paths;
  std::vector<std::string> exclude;
  std::string name;
  std::string expose_as;
  std::optional<bool> untracked;
  std::string when = "on_success";
  std::string expire_in;                // as written; empty: the server's default
  std::string access = "all";           // all, developer, maintainer, none
  std::vector<report_definition> reports;

  friend bool operator==(artifacts_definition const&, artifacts_definition const&) = default;
};

// One cache, with the key that is sent to the runner.
struct cache_definition {
  std::string key = "default";
  std::vector<std::string> paths;
  bool untracked = false;
  bool unprotect = false;
  std::string policy = "pull-push";
  std::string when = "on_success";
  std::vector<std::string> fallback_keys;

  friend bool operator==(cache_definition const&, cache_definition const&) = default;
};

// `environment`, expanded except for the URL, which the runner expands.
struct environment_definition {
  std::string name;
  std::string slug;
  std::string url;
  std::string action = "start";
  std::string tier;
  std::string on_stop;
  std::string auto_stop_in;

  friend bool operator==(environment_definition const&, environment_definition const&) = default;
};

// One of `release:assets:links`.
struct release_link {
  std::string name;
  std::string url;
  std::string filepath;
  std::string link_type;  // other, runbook, image, package; empty: not given

  friend bool operator==(release_link const&, release_link const&) = default;
};

// `release`, not expanded.
struct release_definition {
  std::string tag_name;
  std::string description;
  std::string tag_message;
  std::string name;
  std::string ref;
  std::string released_at;
  std::vector<std::string> milestones;
  std::vector<release_link> links;

  friend bool operator==(release_definition const&, release_definition const&) = default;
};

// A job that is part of a pipeline: rules are evaluated, defaults filled in, needs resolved.
//
// A value: it copies, compares, and goes to JSON and back without loss, so that a coordinator can
// store it in a database and make payloads from it after a restart.
struct job_definition {
  std::string name;
  std::string group_name;  // without ` 1/3` or `: [a, b]`
  std::string stage;
  job_when when = job_when::on_success;
  std::chrono::seconds start_in{0};  // only with delayed
  bool allow_failure = false;
  std::vector<int> allow_failure_exit_codes;
  std::optional<std::vector<job_need>> needs;              // absent: waits for earlier stages
  std::optional<std::vector<std::string>> dependencies;  // absent: all that it may have
  retry_policy retry;
  std::vector<std::string> tags;  // expanded
  std::vector<variable> variables;  // global and job YAML variables, winners only, not expanded

  std::vector<std::string> script;  // before_script and script
  std::vector<std::string> after_script;
  std::vector<std::string> pre_get_sources_script;

  std::optional<image_definition> image;
  std::vector<image_definition> services;
  std::optional<artifacts_definition> artifacts;
  std::vector<cache_definition> cache;
  std::optional<environment_definition> environment;
  std::optional<release_definition> release;
  std::optional<std::chrono::seconds> timeout;
  bool interruptible = false;
  std::string resource_group;  // expanded; empty: none
  std::string coverage;        // RE2 pattern between the slashes; empty: none
  std::string manual_confirmation;
  int node_index = 0;  // 0: not parallel
  int node_total = 1;

  friend bool operator==(job_definition const&, job_definition const&) = default;
};

boost::json::value to_json(job_definition const& job);
// Throws std::exception when `json` was not made by to_json: it is our own stored text.
job_definition job_definition_from_json(boost::json::value const& json);

}  // namespace corunner::pipeline
