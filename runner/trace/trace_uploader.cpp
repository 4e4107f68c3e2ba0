#include "runner/trace/trace_uploader.hpp"

#include "runner/trace/final_policy.hpp"
#include "runner/trace/upload_policy.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace corunner {

using namespace std::chrono_literals;

namespace {

// How long GitLab waits for a job that it has handed out to be accepted (protocol.md 4.2).
constexpr auto acceptance_window = 2min;
constexpr net::time_source::duration first_acceptance_pause = 1s;
constexpr net::time_source::duration longest_acceptance_pause = 10s;

// Reading less from the page cache is over before a thread would have begun.
constexpr std::size_t large_read = 256 * 1024;

upload_policy::settings policy_of(uploader_options const& options) {
  upload_policy::settings out;
  out.interval = options.interval;
  out.force_send = options.force_send;
  out.dynamic_force_send = options.dynamic_force_send;
  out.sent = options.acknowledged;
  return out;
}

}  // namespace

struct trace_uploader::state {
  state(asio::any_io_executor executor, net::time_source& clock, net::blocking_pool& threads,
        gitlab::job_api& server, log_source& log, uploader_options how)
      : time(clock),
        pool(threads),
        api(server),
        trace(log),
        options(std::move(how)),
        policy(policy_of(options), clock.now()),
        canceled(executor),
        aborted(executor),
        stopping(executor),
        idle(executor) {
    idle.set();
  }

  awaitable<gitlab::update_answer> tell_accepted();
  awaitable<bool> accept_late(int status, bool certain);
  void note_acceptance();
  bool is_log_of_another(std::uint64_t held) const;
  awaitable<void> run();
  awaitable<void> wait(upload_policy::action next);
  awaitable<gitlab::patch_answer> send(std::uint64_t offset, std::size_t length);
  awaitable<result<std::string>> read(std::uint64_t offset, std::size_t length);
  awaitable<void> touch();
  gitlab::job_update final_update(job_end const& how) const;
  void heed(gitlab::job_signals const& signals, bool is_aborted);
  void tell_stored() {
    if (policy.sent() != std::exchange(told, policy.sent()) && options.stored) options.stored(told);
  }

  net::time_source& time;
  net::blocking_pool& pool;
  gitlab::job_api& api;
  log_source& trace;
  uploader_options options;
  upload_policy policy;
  std::uint64_t told = options.acknowledged;
  bool accepted = !options.may_be_unaccepted;  // as far as we know
  bool withdrawn = false;  // an acceptance was refused for good: the job is somebody else's
  net::time_source::time_point accept_by{};
  net::event canceled;
  net::event aborted;
  net::event stopping;  // finish() was called
  net::event idle;      // run() is not at work
};

trace_uploader::trace_uploader(asio::any_io_executor executor, net::time_source& time,
                               net::blocking_pool& pool, gitlab::job_api& api, log_source& trace,
                               uploader_options options)
    : state_(std::make_unique<state>(std::move(executor), time, pool, api, trace,
                                     std::move(options))) {}

trace_uploader::~trace_uploader() = default;

net::event& trace_uploader::canceled() { return state_->canceled; }
net::event& trace_uploader::aborted() { return state_->aborted; }

void trace_uploader::state::heed(gitlab::job_signals const& signals, bool is_aborted) {
  if (is_aborted) aborted.set();
  if (signals.canceling && !is_aborted) canceled.set();
}

awaitable<acceptance> trace_uploader::accept() {
  auto& s = *state_;
  s.accepted = false;
  s.accept_by = s.time.now() + acceptance_window;
  auto const answer = co_await s.tell_accepted();
  if (s.withdrawn) co_return acceptance::aborted;
  auto how = policy_of(s.options);
  if (!s.accepted) how.accept_by = s.accept_by;
  s.policy = upload_policy(how, s.time.now());
  s.policy.heed(answer.signals);
  co_return answer.signals.canceling ? acceptance::canceling : acceptance::go;
}

void trace_uploader::state::note_acceptance() {
  if (std::exchange(accepted, true)) return;
  policy.accepted();
  if (options.accepted) options.accepted();
}

// The server has bytes of the job, though of ours it has never acknowledged anything, not even that
// we took the job: after the death of a process it was given out again, and what runs must not be
// ended.
bool trace_uploader::state::is_log_of_another(std::uint64_t held) const {
  return options.may_be_unaccepted && !accepted && options.acknowledged == 0 && held > 0;
}

awaitable<gitlab::update_answer> trace_uploader::state::tell_accepted() {
  gitlab::job_update running;
  auto const answer = co_await api.update_job(options.job, std::move(running));
  withdrawn = answer.what == gitlab::update_answer::kind::aborted;
  if (!withdrawn && answer.what != gitlab::update_answer::kind::failed) note_acceptance();
  heed(answer.signals, withdrawn);
  co_return answer;
}

// A job runs also when its acceptance got no clear answer. Should GitLab still wait for it, or
// again because it has given it out once more, it takes the log, but refuses the job's end: so it
// is told again, by touches meanwhile, else here. Whether what was refused may be sent once more.
awaitable<bool> trace_uploader::state::accept_late(int status, bool certain) {
  if (accepted || certain || status / 100 != 4 || status == 429) co_return false;
  co_await tell_accepted();
  auto pause = first_acceptance_pause;
  while (!accepted && !withdrawn && time.now() < accept_by) {
    co_await time.sleep_for(pause);
    pause = std::min(2 * pause, longest_acceptance_pause);
    co_await tell_accepted();
  }
  co_return accepted;
}

awaitable<void> trace_uploader::run() { co_await state_->run(); }

awaitable<void> trace_uploader::state::run() {
  // finish() waits until no request of ours is under way, however we end.
  struct guard {
    net::event& idle;
    ~guard() { idle.set(); }
  } const at_work{idle};
  idle.reset();
  while (!stopping.is_set() && !aborted.is_set()) {
    auto const next = policy.next(time.now(), trace.size());
    switch (next.what) {
      case upload_policy::action::kind::wait: co_await wait(next); break;
      case upload_policy::action::kind::touch: co_await touch(); break;
      case upload_policy::action::kind::patch: {
        auto const answer = co_await send(next.offset, next.length);
        policy.patched(time.now(), answer, next.length);
        tell_stored();
        heed(answer.signals, answer.what == gitlab::patch_answer::kind::aborted);
        break;
      }
    }
  }
}

// Until the time has come, the log has grown enough, or the job has ended.
awaitable<void> trace_uploader::state::wait(upload_policy::action next) {
  using namespace asio::experimental::awaitable_operators;
  auto& grown = trace.grown_to(next.size);
  co_await (grown.wait() || stopping.wait() || time.sleep_until(next.until));
}

awaitable<result<std::string>> trace_uploader::state::read(std::uint64_t offset,
                                                           std::size_t length) {
  if (length < large_read) co_return trace.read(offset, length);
  auto const* const log = &trace;
  auto work = [log, offset, length] { return log->read(offset, length); };
  co_return co_await net::on_pool(pool, std::move(work));
}

awaitable<gitlab::patch_answer> trace_uploader::state::send(std::uint64_t offset,
                                                            std::size_t length) {
  auto bytes = co_await read(offset, length);
  if (!bytes) {
    gitlab::patch_answer unreadable;
    unreadable.what = gitlab::patch_answer::kind::refused;
    unreadable.message = "cannot read the log: " + bytes.error().message();
    co_return unreadable;
  }
  gitlab::trace_patch patch;
  patch.offset = offset;
  patch.bytes = std::move(*bytes);
  patch.debug = options.debug_trace;
  auto answer = co_await api.patch_trace(options.job, std::move(patch));
  if (answer.what != gitlab::patch_answer::kind::mismatch &&
      co_await accept_late(answer.status, answer.certain)) {
    answer.what = gitlab::patch_answer::kind::failed;
  }
  co_return answer;
}

// Once the job has ended, the final update says all that a touch does: it waits for none.
awaitable<void> trace_uploader::state::touch() {
  using namespace asio::experimental::awaitable_operators;
  gitlab::job_update running;
  running.checksum = trace.checksum();
  running.bytesize = trace.size();
  auto const first =
      co_await (api.update_job(options.job, std::move(running)) || stopping.wait());
  if (first.index() == 1) co_return;
  auto const& answer = std::get<0>(first);
  if (answer.what == gitlab::update_answer::kind::succeeded) note_acceptance();
  policy.touched(time.now(), answer);
  heed(answer.signals, answer.what == gitlab::update_answer::kind::aborted);
}

gitlab::job_update trace_uploader::state::final_update(job_end const& how) const {
  gitlab::job_update out;
  out.state = how.success ? gitlab::job_state::success : gitlab::job_state::failed;
  out.reason = how.reason;
  out.checksum = trace.checksum();
  out.bytesize = trace.size();
  out.exit_code = how.exit_code;
  out.runtime_environment_key = how.runtime_environment_key;
  return out;
}

awaitable<delivery> trace_uploader::finish(job_end how) {
  auto& s = *state_;
  s.stopping.set();
  co_await s.idle.wait();
  final_policy policy(s.policy.sent(), s.trace.size(), s.options.final_update_tries, s.time.now());
  delivery out;
  for (;;) {
    if (s.withdrawn) {
      out.what = delivery::kind::refused;
      co_return out;
    }
    auto const next = policy.next();
    switch (next.what) {
      case final_policy::action::kind::wait: co_await s.time.sleep_for(next.pause); break;
      case final_policy::action::kind::patch: {
        auto const answer = co_await s.send(next.offset, next.length);
        if (!answer.message.empty()) out.message = answer.message;
        if (answer.what == gitlab::patch_answer::kind::mismatch) {
          s.withdrawn = s.is_log_of_another(answer.offset);
          s.trace.server_holds(answer.offset);
          policy.grown_to(s.trace.size());
        }
        policy.patched(s.time.now(), answer, next.length);
        break;
      }
      case final_policy::action::kind::update: {
        auto update = s.final_update(how);
        auto answer = co_await s.api.update_job(s.options.job, std::move(update));
        if (!answer.message.empty()) out.message = answer.message;
        if (co_await s.accept_late(answer.status, answer.certain)) {
          answer.what = gitlab::update_answer::kind::failed;
        }
        policy.updated(s.time.now(), answer);
        break;
      }
      case final_policy::action::kind::delivered:
        out.what = delivery::kind::delivered;
        out.message.clear();
        co_return out;
      case final_policy::action::kind::refused:
        out.what = delivery::kind::refused;
        co_return out;
      case final_policy::action::kind::lost:
        out.what = delivery::kind::lost;
        co_return out;
    }
  }
}

}  // namespace corunner
