#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runner/gitlab/job_payload.hpp"
#include "runner/pipeline/pipeline.hpp"

namespace corunner::pipeline {

// A finished job whose artifacts or dotenv variables the new one may use.
struct upstream_job {
  std::int64_t id = 0;
  std::string name;
  bool has_archive = false;  // an unexpired archive exists
  std::string archive_name = "artifacts.zip";
  std::int64_t archive_size = 0;
  std::vector<variable> dotenv;
};

// The runner that takes the job.
struct runner_facts {
  std::int64_t id = 0;
  std::string description;
  std::vector<std::string> tags;
  std::optional<std::chrono::seconds> maximum_timeout;
  bool instance_runner = true;
  std::string uuid;
};

// What is known only when a job is handed out.
struct payload_context {
  std::int64_t job_id = 0;
  std::string job_token;
  std::string started_at;  // ISO 8601, UTC
  // Base of the repository's URL without credentials, `http://127.0.0.1:8093/local/demo.git`;
  // empty: <coordinator_url>/<project path>.git.
  std::string repository_url;
  runner_facts runner;
  std::vector<upstream_job> upstream;  // those that upstream_names() names, in that order
  std::chrono::seconds project_timeout{3600};
  int project_git_depth = 20;
  std::string instance_id;    // this GitLab's, among all
  std::string instance_uuid;
  double time_in_queue_seconds = 0;
  int running_of_project = 0;  // jobs of this project that instance runners execute now
  int queue_size = 0;   // jobs that the runner could have taken
  int queue_depth = 0;  // of them looked at
  std::vector<variable> manual_variables;  // given when a manual job was played
};

// Names of the jobs whose artifacts `job` downloads, in the plan's order: its needs with artifacts,
// or every job of an earlier stage; `dependencies` picks from these.
std::vector<std::string> upstream_names(plan const& what, job_definition const& job);

// Every predefined variable that exists before the jobs do: the ones that rules may look at.
variable_list pipeline_variables(plan const& what);

// All variables of a job, in order of precedence, each key once, values expanded.
variable_list job_variables(plan const& what, job_definition const& job,
                            payload_context const& context);

// The answer to POST /jobs/request. Wire: spec/runners-api.md section 5.4.
gitlab::job_payload make_payload(plan const& what, job_definition const& job,
                                 payload_context const& context);

}  // namespace corunner::pipeline
