#pragma once

#include "test/runner/job/job_bench.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace corunner::test {

using stage_names = std::vector<std::string>;

inline fake_stage lasting(std::chrono::milliseconds length) { return {.lasts = length}; }

// A job that hangs in one stage and has everything around it.
struct hanging : job_bench {
  explicit hanging(std::string const& stage) {
    script({"make"});
    after_script({"echo after"});
    gitlab::job_artifact artifact;
    artifact.paths = {"out"};
    artifact.when = "always";
    payload.artifacts = {artifact};
    world.set(stage, lasting(std::chrono::hours(1)));
  }
};

// But for the removal of files after a hard stop, which the log does not show.
inline std::string last_stage(job_bench const& b) {
  auto ran = b.world.ran;
  bool const is_shown = b.logged_line("Cleaning up project directory");
  if (ran.back() == "cleanup_file_variables" && !is_shown) ran.pop_back();
  return ran.back();
}

inline stage_names const what_follows_steps{"after_script", "upload_artifacts_on_failure",
                               "cleanup_file_variables"};

inline stage_names last_of(stage_names const& ran, std::size_t count) {
  return {ran.end() - static_cast<std::ptrdiff_t>(std::min(count, ran.size())), ran.end()};
}

}  // namespace corunner::test
