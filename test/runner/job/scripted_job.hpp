#pragma once

#include "runner/job/running_job.hpp"
#include "runner/job/script/stage_scripts.hpp"
#include "runner/trace/job_trace.hpp"
#include "test/runner/job/job_bench.hpp"

#include <memory>
#include <string>

namespace corunner::test {

// A job up to the point where its scripts can be written.
struct scripted_job : job_bench {
  std::unique_ptr<running_job> made;

  scripted_job() { payload.variables.pop_back(); }  // GIT_STRATEGY

  script_context context() {
    create();
    made = std::make_unique<running_job>(
        io.get_executor(), input(), job_services{.time = time, .trace = *trace});
    made->use(standard_directories({.runner = runner,
                                    .payload = made->payload(),
                                    .traits = made->traits,
                                    .strategy = made->settings.strategy,
                                    .working_directory = "/work-dir"})
                  .value());
    made->started = time.wall_now();
    return made->scripts();
  }

  std::string sources() { return get_sources_script(context()).value(); }
};

}  // namespace corunner::test
