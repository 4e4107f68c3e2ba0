#pragma once

#include <boost/json/fwd.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/pipeline/diagnostic.hpp"
#include "runner/pipeline/job_definition.hpp"
#include "runner/pipeline/pipeline_source.hpp"

namespace corunner::pipeline {

// The files of the commit (or working tree) that a configuration is evaluated for.
//
// Paths are relative to the root of the repository, without a leading slash. Calls may block: who
// evaluates on an event loop does so on a pool.
class file_reader {
 public:
  virtual ~file_reader() = default;

  // The content of a regular file; nothing when there is none.
  virtual std::optional<std::string> read(std::string_view path) = 0;

  // Every file, for wildcards in `include:local`, `rules:exists` and `cache:key:files`.
  virtual std::vector<std::string> list() = 0;

  // Paths that changed, for `rules:changes`; compared with `compare_to` when that is not empty.
  // Nothing: not known, then every `changes` holds.
  virtual std::optional<std::vector<std::string>> changed_paths(std::string_view compare_to);

  // Whether `compare_to` names a commit.
  virtual bool has_ref(std::string_view ref);
};

// What is to run: the result of evaluating a configuration for one source.
struct plan {
  pipeline_source source;
  std::string name;                     // `workflow:name`, expanded; empty: none
  std::vector<std::string> stages;      // in order, .pre and .post included
  std::vector<variable> variables;      // global YAML and workflow:rules variables
  std::vector<job_definition> jobs;     // by stage, then as written
  bool cancel_on_job_failure = false;   // workflow:auto_cancel:on_job_failure: all

  friend bool operator==(plan const&, plan const&) = default;
};

boost::json::value to_json(plan const& what);
// Throws std::exception when `json` was not made by to_json: it is our own stored text.
plan plan_from_json(boost::json::value const& json);

// How an evaluation ended.
enum class verdict {
  planned,   // there is a plan
  filtered,  // workflow:rules say no; not an error
  empty,     // no job is left, or only .pre and .post jobs; not an error
  invalid,   // the configuration is wrong; see errors
};

struct evaluation {
  verdict outcome = verdict::invalid;
  pipeline::plan plan;               // only when planned
  std::vector<diagnostic> errors;    // only when invalid, never empty then
  std::vector<diagnostic> warnings;  // in all cases
  std::string note;                  // GitLab's sentence when filtered or empty
};

// Evaluates a `.gitlab-ci.yml` as GitLab would for `source`.
//
// Pure except for calls of `files`. All errors of the configuration are found in one go; errors of
// structure (YAML, include, extends) end the work earlier. A keyword of GitLab's that is not
// supported is an error that names it, never ignored.
// Language: spec/local-pipelines.md.
evaluation evaluate(std::string_view text, file_reader& files, pipeline_source const& source);

}  // namespace corunner::pipeline
