#include "runner/manager/manager.hpp"

#include "runner/gitlab/short_token.hpp"
#include "runner/manager/job_task.hpp"
#include "runner/manager/recovered_job.hpp"
#include "runner/manager/runner_entries.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <utility>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace corunner {

using namespace std::chrono_literals;

namespace {

constexpr auto default_shutdown_timeout = 30s;

// Reading the configuration took more memory than what is left of it.
void give_memory_back() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

using poll_outcome = result<gitlab::poll_answer>;

// Polls run beside an event and must therefore not throw. What came is left in `into`, also when the
// event was first.
awaitable<void> ask(gitlab::job_api& api, gitlab::poll_request how,
                    std::optional<poll_outcome>& into) {
  try {
    into = co_await api.request_job(std::move(how));
  } catch (boost::system::system_error const& error) {
    into = error.code();
  }
}

bool brought_job(std::optional<poll_outcome> const& what) {
  return what && *what && (*what)->job;
}

poll_plan::answer kind_of(gitlab::poll_answer const& from) {
  using kind = gitlab::poll_answer::kind;
  switch (from.what) {
    case kind::job:
    case kind::broken_job:
      return poll_plan::answer::job;
    case kind::none:
      return from.held ? poll_plan::answer::none_held : poll_plan::answer::none;
    case kind::forbidden:
    case kind::client_error:
      return poll_plan::answer::forbidden;
    case kind::unavailable:
    case kind::conflict:
    case kind::failed:
      return poll_plan::answer::failed;
  }
  return poll_plan::answer::failed;
}

// A person has to do something about it: there is no point in asking again.
bool refused_for_good(gitlab::poll_answer const& from) {
  return !from.healthy() || from.message.find("x509: ") != std::string::npos;
}

void log_answer(logger const& log, gitlab::poll_answer const& from) {
  using kind = gitlab::poll_answer::kind;
  log_fields const why{{"status", from.message}};
  switch (from.what) {
    case kind::job:
    case kind::broken_job:
      return;
    case kind::none:
      return log.debug("Checking for jobs... no content");
    case kind::forbidden:
      return log.error("Checking for jobs... forbidden", why);
    case kind::client_error:
      return log.error("Checking for jobs... client error", why);
    case kind::unavailable:
      return log.warning("Checking for jobs... GitLab instance currently unavailable", why);
    case kind::conflict:
    case kind::failed:
      return log.warning("Checking for jobs... failed", why);
  }
}

}  // namespace

manager::manager(asio::any_io_executor executor, manager_services services,
                 manager_options options, config::configuration configuration)
    : executor_(executor),
      services_(std::move(services)),
      options_(std::move(options)),
      configuration_(std::move(configuration)),
      plan_(slots_of(configuration_), check_interval_of(configuration_), options_.seed),
      changed_(executor),
      polls_(executor),
      jobs_(executor),
      deliveries_(executor) {}

manager::~manager() = default;

awaitable<manager_end> manager::run() {
  started_ = true;
  // An entry is some kilobytes: a thousand of them are kept once.
  add(usable(std::exchange(configuration_.runners, {})));
  give_memory_back();
  co_await recover();
  co_await dispatch();
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  polls_.cancel();
  co_await polls_.join();
  deliveries_.cancel();
  co_await deliveries_.join();

  // Jobs that run now end by themselves, unless the stop becomes forceful.
  auto const limit = configuration_.shutdown_timeout > 0
                         ? std::chrono::seconds(configuration_.shutdown_timeout)
                         : default_shutdown_timeout;
  while (!tasks_.empty() && phase_ != phase::forceful) {
    changed_.reset();
    co_await changed_.wait();
  }
  if (phase_ == phase::forceful && !tasks_.empty()) {
    using namespace asio::experimental::awaitable_operators;
    auto const deadline = services_.time.now() + limit;
    while (!tasks_.empty() && services_.time.now() < deadline) {
      changed_.reset();
      co_await (changed_.wait() || services_.time.sleep_until(deadline));
    }
    if (!tasks_.empty()) {
      services_.log.error("shutdown timed out", {{"jobs", tasks_.size()}});
      jobs_.cancel();
      co_return manager_end::timed_out;
    }
  }
  co_await jobs_.join();
  co_return phase_ == phase::running ? manager_end::jobs_done : manager_end::stopped;
}

awaitable<void> manager::recover() {
  for (auto& found : services_.journal.take_interrupted()) {
    auto const left = std::exchange(found.record.created, {});
    for (auto const& what : left) {
      if (services_.remove_leftover) co_await services_.remove_leftover(what);
    }
    deliveries_.spawn(deliver_interrupted(services_, options_, std::move(found)));
  }
}

bool manager::may_poll() const {
  if (phase_ != phase::running) return false;
  // Requests under way count: each of them may bring a job.
  return options_.jobs_until_end == 0 ||
         jobs_taken_ + plan_.under_way() < options_.jobs_until_end;
}

awaitable<void> manager::dispatch() {
  using namespace asio::experimental::awaitable_operators;
  while (phase_ == phase::running) {
    if (options_.jobs_until_end > 0 && jobs_taken_ >= options_.jobs_until_end) break;
    changed_.reset();
    auto const now = services_.time.now();
    while (may_poll()) {
      auto const due = plan_.next(now);
      if (!due) break;
      auto const& at = entries_[due->who];
      at->give_up.reset();
      polls_.spawn(poll(*due, at));
    }
    if (auto const who = plan_.give_up(now)) entries_[*who]->give_up.set();
    auto const wake = may_poll() ? plan_.wake_at(now) : poll_plan::time_point::max();
    if (wake == poll_plan::time_point::max()) {
      if (co_await changed_.wait()) co_return;
    } else {
      auto const first = co_await (changed_.wait() || services_.time.sleep_until(wake));
      bool const cancelled = first.index() == 0 ? bool(std::get<0>(first)) : bool(std::get<1>(first));
      if (cancelled) co_return;
    }
  }
}

// The entry may be changed or removed meanwhile.
awaitable<void> manager::poll(poll_plan::request what, std::shared_ptr<entry> at) {
  using namespace asio::experimental::awaitable_operators;
  auto const log = services_.log.with({{"runner", gitlab::short_token(at->runner->token.reveal())}});
  auto const api = at->api;
  auto const began = services_.time.now();
  gitlab::poll_request how;
  how.may_hold = what.may_hold;
  std::optional<poll_outcome> outcome;
  auto const first = co_await (ask(*api, std::move(how), outcome) || at->give_up.wait());
  auto const now = services_.time.now();
  // A request that was given up may have brought a job in the same moment: it is ours.
  bool const given_up = first.index() == 1 && !brought_job(outcome);
  if (given_up || !outcome || !*outcome) {
    plan_.given_up(what.who, now);
    changed_.set();
    co_return;
  }
  auto& answered = *outcome;
  log_answer(log, *answered);
  if (options_.poll_refused && refused_for_good(*answered)) {
    options_.poll_refused(answered->message);
  }
  plan_.answered(what.who, kind_of(*answered), answered->knows_last_update, now - began, now);
  if (answered->job) take(what.who, *at, std::move(*answered));
  changed_.set();
}

void manager::take(poll_plan::entry_id who, entry const& at, gitlab::poll_answer answer) {
  ++jobs_taken_;
  bool const broken = answer.what == gitlab::poll_answer::kind::broken_job;
  auto task = std::make_shared<job_task>(
      executor_, services_, options_, ids_,
      job_task::assignment{at.runner, at.api, std::move(*answer.job), at.api->tls(),
                           broken ? answer.message : std::string()});
  tasks_.emplace(task.get(), task);
  jobs_.spawn(run_job(who, std::move(task)));
}

awaitable<void> manager::run_job(poll_plan::entry_id who, std::shared_ptr<job_task> task) {
  bool slot_free = false;
  auto const free_slot = [this, who, &slot_free] {
    if (std::exchange(slot_free, true)) return;
    plan_.job_ended(who, services_.time.now());
    changed_.set();
  };
  try {
    auto const how = co_await task->run(free_slot);
    if (how && options_.job_ended) options_.job_ended(*how);
  } catch (std::exception const& error) {
    services_.log.error("Job crashed", {{"error", error.what()}});
  }
  free_slot();
  tasks_.erase(task.get());
  changed_.set();
}

std::string_view manager::state() const {
  switch (phase_) {
    case phase::running:
      return started_ ? "running" : "starting";
    case phase::graceful:
      return "graceful-shutdown";
    case phase::forceful:
      return "forceful-shutdown";
  }
  return "unknown";
}

void manager::each_entry(std::function<void(config::runner_entry const&)> const& see) const {
  for (auto const& each : entries_) {
    if (each) see(*each->runner);
  }
}

void manager::each_job(std::function<void(config::runner_entry const&, job_state,
                                          std::string const& stage)> const& see) const {
  for (auto const& [key, task] : tasks_) see(task->runner(), task->state(), task->stage());
}

void manager::stop_gracefully() {
  if (phase_ != phase::running) return;
  phase_ = phase::graceful;
  changed_.set();
}

void manager::stop_forcefully(std::string const& signal_name) {
  if (phase_ == phase::forceful) return;
  phase_ = phase::forceful;
  for (auto const& [key, task] : tasks_) task->shutdown(signal_name);
  changed_.set();
}

}  // namespace corunner
