#include "runner/manager/manager.hpp"

#include "runner/manager/job_task.hpp"
#include "runner/manager/recovered_job.hpp"
#include "runner/manager/runner_entries.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <algorithm>
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
      deliveries_(executor) {
  figures_.slots(plan_.concurrent());
}

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

  // A job without a slot is left to other runners where the server knows how, else it gets its
  // turn.
  for (auto const& [number, task] : tasks_) task->give_back();
  plan_.set_concurrent(std::max(plan_.concurrent(), 1u));
  start_waiting();
  // Jobs that run now end by themselves, unless the stop becomes forceful.
  while (!tasks_.empty() && phase_ != phase::forceful) {
    changed_.reset();
    co_await changed_.wait();
  }
  if (phase_ == phase::forceful && !tasks_.empty()) {
    using namespace asio::experimental::awaitable_operators;
    auto const deadline = services_.time.now() + shutdown_timeout();
    while (!tasks_.empty() && services_.time.now() < deadline) {
      changed_.reset();
      co_await (changed_.wait() || services_.time.sleep_until(deadline));
    }
    if (!tasks_.empty()) {
      services_.log.error("Jobs have not ended in time", {{"builds", tasks_.size()}});
      co_await end_what_is_left();
      jobs_.cancel();
      co_return manager_end::timed_out;
    }
  }
  co_await jobs_.join();
  co_return phase_ == phase::running ? manager_end::jobs_done : manager_end::stopped;
}

std::chrono::seconds manager::shutdown_timeout() const {
  return configuration_.shutdown_timeout > 0 ? std::chrono::seconds(configuration_.shutdown_timeout)
                                             : default_shutdown_timeout;
}

// A script that does not heed signals shall not outlive us. The rest is done at the next start.
awaitable<void> manager::end_what_is_left() {
  net::task_group removals(executor_);
  for (auto const& [number, task] : tasks_) {
    for (auto const& what : task->created()) {
      if (!exec::is_alive(what) || !services_.remove_leftover) continue;
      removals.spawn(services_.remove_leftover(what));
    }
  }
  co_await removals.join();
}

awaitable<void> manager::recover() {
  if (auto const lost = services_.journal.unreadable(); lost > 0) {
    services_.log.warning("The records of some jobs of an earlier process cannot be read, "
                          "GitLab will end those that ran",
                          {{"jobs", lost}});
  }
  for (auto& found : services_.journal.take_interrupted()) {
    auto const left = std::exchange(found.record.created, {});
    for (auto const& what : left) {
      if (services_.remove_leftover) co_await services_.remove_leftover(what);
    }
    deliveries_.spawn(deliver(std::move(found)));
  }
}

awaitable<void> manager::deliver(interrupted_job what) {
  std::pair const job(what.record.url, what.record.job.id);
  if (what.record.end) in_delivery_.insert(job);
  co_await deliver_interrupted(services_, options_, figures_, std::move(what));
  in_delivery_.erase(job);
}

bool manager::stalled() const {
  // Five attempts of an hour each, with the longest pauses between them that a server may ask for.
  constexpr auto longest_request = 12h;
  constexpr auto late = 10s;
  if (!started_ || !may_poll()) return false;
  auto const now = services_.time.now();
  if (plan_.under_way() > 0 && now - last_answer_ > longest_request) return true;
  return plan_.wake_at(now) < now - late;
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
  if (!started_) {
    for (auto const& each : configuration_.runners) see(each);
  }
  for (auto const& each : entries_) {
    if (each) see(*each->runner);
  }
}

void manager::each_poll(
    std::function<void(entry_names const&, poll_plan::figures const&)> const& see) const {
  auto all = gone_;
  for (poll_plan::entry_id who = 0; who < entries_.size(); ++who) {
    if (!entries_[who]) continue;
    all[names_of(*entries_[who]->runner)] += plan_.figures_of(who, services_.time.now());
  }
  for (auto const& [names, figures] : all) see(names, figures);
}

void manager::each_job(std::function<void(job_task const&)> const& see) const {
  for (auto const& [key, task] : tasks_) see(*task);
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
