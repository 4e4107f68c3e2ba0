#pragma once

#include "runner/coordinator/server.hpp"
#include "runner/coordinator/snapshot.hpp"
#include "runner/coordinator/storage/records.hpp"
#include "runner/pipeline/pipeline.hpp"

#include <string>
#include <vector>

namespace corunner::coordinator {

struct context;

// Stores the pipeline, lets runners fetch its commit, then lets its first jobs run. Arguments are
// values: the caller may be gone before it ends.
awaitable<start_outcome> start_pipeline(context& in, std::int64_t project, pipeline::plan plan,
                                        snapshot from);

// What POST /projects/:id/pipeline asks for: the project's repository at a branch or tag.
struct pipeline_wish {
  std::int64_t project = 0;
  std::string ref;
  std::vector<pipeline::variable> variables;
};
awaitable<start_outcome> create_pipeline(context& in, pipeline_wish wish);

// What would become of `text` as the configuration of the project at `ref` (empty: HEAD). A project
// without a repository has no files to include. `failure`: what git did not like.
struct judgement {
  pipeline::evaluation found;
  std::string failure;
};
awaitable<judgement> judge_configuration(context& in, project_record project, std::string ref,
                                         std::string text);

// Where the project's bare repository lives.
std::filesystem::path git_dir_of(context const& in, std::int64_t project);

}  // namespace corunner::coordinator
