#include "runner/manager/pending_call.hpp"

#include <utility>

namespace corunner {

awaitable<gitlab::update_answer> tell_pending(gitlab::job_api& server, gitlab::job_key const& job) {
  gitlab::job_update waiting;
  waiting.state = gitlab::job_state::pending;
  co_return co_await server.update_job(job, std::move(waiting));
}

bool runs_already(gitlab::update_answer const& to_pending) {
  return to_pending.status == 400 || to_pending.status == 409;
}

}  // namespace corunner
