#pragma once

#include "config/config.hpp"
#include "net/time_source.hpp"
#include "runner/gitlab/api_client.hpp"
#include "runner/gitlab/job_payload.hpp"
#include "runner/job/job_run.hpp"
#include "runner/observe/run_figures.hpp"

#include <functional>
#include <string>

namespace corunner {

// For the client of an entry: counts its calls. The figures must outlive the client.
std::function<void(gitlab::call_report const&)> counts_calls(run_figures& all,
                                                             std::string const& short_token,
                                                             std::string const& url);

// What one job adds to the figures of the process, at its steps. The figures must outlive it.
class job_figures {
 public:
  job_figures(run_figures& all, config::runner_entry const& runner);

  // It is ours to run now: what GitLab told of its queue.
  void added(config::runner_entry const& runner, gitlab::job_info const& told,
             net::time_source::wall_time now);
  bool was_added() const { return added_; }
  void stage_ended(std::string const& stage, net::time_source::duration took);
  // Once, also for a job that was never added.
  void ended(std::string const& executor, job_outcome const& how, net::time_source::duration took);

 private:
  run_figures& all_;
  runner_figures& runner_;
  bool added_ = false;
};

}  // namespace corunner
