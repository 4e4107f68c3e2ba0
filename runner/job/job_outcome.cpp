#include "runner/job/job_run.hpp"

#include <utility>

namespace corunner {

std::string_view to_string(job_state state) {
  switch (state) {
    case job_state::pending: return "pending";
    case job_state::running: return "running";
    case job_state::success: return "success";
    case job_state::failed: return "failed";
    case job_state::canceled: return "canceled";
    case job_state::timed_out: return "timedout";
    case job_state::terminated: return "terminated";
  }
  return {};
}

job_outcome rejected_payload(std::string message) {
  constexpr int exit_code = 3;
  job_outcome out;
  out.state = job_state::failed;
  out.reason = out.unmapped = gitlab::failure_reason::runner_system_failure;
  out.exit_code = exit_code;
  out.message = std::move(message);
  return out;
}

job_outcome canceled_before_start(gitlab::job_payload const& payload) {
  job_outcome out;
  out.state = job_state::canceled;
  out.unmapped = gitlab::failure_reason::job_canceled;
  out.reason = gitlab::reported_reason(out.unmapped, payload.features.failure_reasons);
  out.message = "canceled";
  return out;
}

}  // namespace corunner
