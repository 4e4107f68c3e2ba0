#pragma once

#include "runner/coordinator/server.hpp"
#include "runner/coordinator/snapshot.hpp"
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

// Where the project's bare repository lives.
std::filesystem::path git_dir_of(context const& in, std::int64_t project);

}  // namespace corunner::coordinator
