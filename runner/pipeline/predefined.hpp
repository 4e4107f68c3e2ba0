#pragma once

#include <string>

#include "runner/pipeline/job_definition.hpp"
#include "runner/pipeline/pipeline_source.hpp"

// GitLab's predefined variables, made from what we know of a pipeline.
//
// Which there are and when: parity/predefined-variables.tsv; a test walks that list.
namespace corunner::pipeline {

// CI, CI_SERVER_*, CI_PROJECT_*, CI_API_*: what exists before any pipeline.
void add_project_variables(variable_list& to, pipeline_source const& source);

// CI_COMMIT_*, CI_PIPELINE_SOURCE, tag and merge request variables; `name` is `workflow:name`.
void add_commit_variables(variable_list& to, pipeline_source const& source,
                          std::string const& name);

// CI_JOB_NAME, CI_NODE_*, CI_ENVIRONMENT_*: what is known of a job before it is handed out.
void add_static_job_variables(variable_list& to, job_definition const& job);

// GITLAB_USER_*; these win over variables written in YAML.
void add_user_variables(variable_list& to, pipeline_source const& source);

// Variables from outside, lowest precedence first: instance, group, project, pipeline.
void add_outside_variables(variable_list& to, pipeline_source const& source);

// Parts of a source that several variables and the payload use.
std::string project_name(project_source const& project);
std::string project_namespace(project_source const& project);
std::string root_namespace(project_source const& project);
std::string project_url(pipeline_source const& source);
std::string coordinator_url(pipeline_source const& source);
std::string before_sha(commit_source const& commit);

struct url_parts {
  std::string scheme;
  std::string host;
  int port = 0;
  bool default_port = true;
};
url_parts split_url(std::string const& url);

}  // namespace corunner::pipeline
