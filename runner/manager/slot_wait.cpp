// The part of job_task that waits for a slot.

#include "runner/manager/job_task.hpp"
#include "runner/manager/pending_call.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace corunner {

using namespace std::chrono_literals;

namespace {

// The server gives a job away that it has not heard of for two minutes (protocol.md 4.2).
constexpr auto renew_after = 60s;
constexpr auto repeat_after = 5s;

}  // namespace

// Until the job may start, or the server says that it need not wait for us.
awaitable<job_task::turn> job_task::keep_pending() {
  using namespace asio::experimental::awaitable_operators;
  gitlab::job_key const key{payload_->id, payload_->token};
  do {
    auto const answer = co_await tell_pending(api_, key);
    if (runs_already(answer)) co_return turn::runs_already;
    if (answer.what == gitlab::update_answer::kind::aborted) co_return turn::dropped;
    if (answer.signals.canceling) co_return turn::canceled;
    if (unwanted_) break;
    bool const heard = answer.what != gitlab::update_answer::kind::failed;
    is_pending_ = true;
    co_await (may_start_.wait() || services_.time.sleep_for(heard ? renew_after : repeat_after));
    is_pending_ = false;
  } while (!may_start_.is_set());
  co_return unwanted_ ? turn::dropped : turn::come;
}

// The same for a job that the server considers running.
awaitable<job_task::turn> job_task::wait_while_running() {
  using namespace asio::experimental::awaitable_operators;
  if (!may_start_.is_set()) {
    co_await (may_start_.wait() || uploader_->canceled().wait() || uploader_->aborted().wait());
  }
  co_return may_start_.is_set() ? turn::come : turn::canceled;
}

void job_task::give_back() {
  unwanted_ = true;
  if (is_pending_) may_start_.set();
}

}  // namespace corunner
