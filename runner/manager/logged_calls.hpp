#pragma once

#include "runner/gitlab/job_api.hpp"
#include "runner/observe/log.hpp"

#include <memory>

namespace corunner {

// The calls of a job with a line in our log for each answer, in the words that log tools match
// (observability.md 3.2, 3.3). `log` brings the fields of job and runner.
class logged_calls final : public gitlab::job_api {
 public:
  logged_calls(std::shared_ptr<gitlab::job_api> to, logger log)
      : to_(std::move(to)), log_(std::move(log)) {}

  awaitable<gitlab::poll_answer> request_job(gitlab::poll_request how) override;
  awaitable<gitlab::update_answer> update_job(gitlab::job_key const& job,
                                              gitlab::job_update update) override;
  awaitable<gitlab::patch_answer> patch_trace(gitlab::job_key const& job,
                                              gitlab::trace_patch patch) override;

 private:
  std::shared_ptr<gitlab::job_api> to_;
  logger log_;
};

}  // namespace corunner
