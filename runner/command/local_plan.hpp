#pragma once

#include "net/asio.hpp"
#include "runner/coordinator/snapshot.hpp"
#include "runner/pipeline/pipeline.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace corunner {

// Which pipeline of which repository.
struct local_source {
  std::filesystem::path repository = ".";
  std::string file = ".gitlab-ci.yml";
  bool committed_only = false;
  std::string ref;
  std::vector<std::string> variables;  // KEY=VALUE
  std::filesystem::path git_dir;       // where the snapshot goes
};

// A repository's plan, or `failure`: text for the person, ready to print.
struct local_plan {
  std::optional<coordinator::snapshot> from;
  pipeline::plan plan;
  std::string failure;
  std::string note;      // why there is nothing to run, which is no failure
  std::string warnings;  // lines to print in any case
};

// Takes the snapshot and evaluates its configuration as a push to the snapshot's branch.
// local-pipelines.md 1 and 13.
awaitable<local_plan> make_local_plan(coordinator::git with, local_source wanted);

}  // namespace corunner
