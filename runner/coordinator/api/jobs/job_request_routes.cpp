#include "runner/coordinator/api/access/authorization.hpp"
#include "runner/coordinator/api/dispatch.hpp"
#include "runner/coordinator/api/jobs/assignment.hpp"
#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/context.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace corunner::coordinator {

namespace {

// Waits for the runner's next tick, the end of the hold time, or ours.
awaitable<void> hold(context& in, std::int64_t runner) {
  using namespace asio::experimental::awaitable_operators;
  auto const tick = in.queue.next_tick(runner);
  auto const deadline = in.time.now() + in.options.long_poll;
  co_await (tick->wait() || in.stopping.wait() || in.time.sleep_until(deadline));
}

reply nothing(context& in, std::int64_t runner) {
  return empty_reply(204).with("X-GitLab-Last-Update", in.queue.value(runner));
}

// The answer did not reach the runner: the job is somebody else's, unless the runner has spoken
// about it meanwhile.
void take_back(context& in, std::int64_t id) {
  auto job = in.data.jobs.find(id);
  if (!job) return;
  bool const untouched = job->waiting_for_acknowledgement() ||
                         (job->status == "running" && job->trace_size == 0);
  if (untouched) in.board.put_back(std::move(*job));
}

manager_record greet(context& in, api_request& request, runner_record& runner) {
  transaction all(in.data.db);
  auto manager = heartbeat(in, request, runner);
  if (runner.creation_state != "finished") {
    runner.creation_state = "finished";
    in.data.runners.update(runner);
  }
  all.commit();
  return manager;
}

// POST /jobs/request (runners-api.md 5.1)
awaitable<void> request_job(context& in, api_request& request) {
  auto runner = admit_working_runner(in, request);
  if (!runner) {
    co_await send(request.exchange, std::move(runner.refusal));
    co_return;
  }
  auto manager = greet(in, request, *runner);
  auto const id = runner->id;
  auto const last_update = request.params.text("last_update").value_or("");
  if (runner->active && last_update == in.queue.value(id)) {
    bool const holds = in.options.long_poll.count() > 0 && !in.stopping.is_set();
    if (holds) co_await hold(in, id);
    auto const again = in.data.runners.find(id);
    if (!again || last_update == in.queue.value(id)) {
      co_await send(request.exchange, again ? nothing(in, id) : forbidden());
      co_return;
    }
    *runner = *again;
  }
  if (!runner->active || in.stopping.is_set()) {
    co_await send(request.exchange, nothing(in, id));
    co_return;
  }
  // Known before the search: what becomes pending during it makes the value stale.
  auto answer = nothing(in, id);
  auto found = find_job(in, *runner, manager);
  if (found.job == 0) {
    if (found.incomplete) answer = message_reply(409, "409 Conflict");
    co_await send(request.exchange, std::move(answer));
    co_return;
  }
  reply job{201, {{"Content-Type", "application/json"}}, std::move(found.payload)};
  if (co_await send(request.exchange, std::move(job))) take_back(in, found.job);
}

constexpr route table[] = {
    {"POST", "/jobs/request", "request_job", request_job, 32 * 1024},
};

}  // namespace

std::span<route const> job_request_routes() { return table; }

}  // namespace corunner::coordinator
