// How the manager asks for jobs: the requests that poll_plan says, what is logged of their answers,
// and the start of what they bring.

#include "config/duration.hpp"
#include "runner/gitlab/short_token.hpp"
#include "runner/manager/job_task.hpp"
#include "runner/manager/manager.hpp"
#include "runner/manager/runner_entries.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <algorithm>
#include <utility>

namespace corunner {

namespace {

using poll_outcome = result<gitlab::poll_answer>;

// Polls run beside an event and must therefore not throw. What came is left in `into`, also when
// the event was first.
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

// Log tools match these words (observability.md 3.2).
void log_answer(logger const& log, gitlab::poll_answer const& from) {
  using kind = gitlab::poll_answer::kind;
  log_fields const why{{"correlation_id", from.correlation_id}, {"status", from.message}};
  switch (from.what) {
    case kind::job:
    case kind::broken_job:
      return;
    case kind::none:
      return log.debug("Checking for jobs...no content", {{"correlation_id", from.correlation_id}});
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

// The name of an entry in the texts about its health.
std::string health_name(config::runner_entry const& of) {
  return "Runner \"" + of.url + gitlab::short_token(of.token.reveal()) + "\"";
}

void log_pause(logger const& log, config::runner_entry const& of, entry_health const& health) {
  auto const& keys = health.after_refusals().value();
  log.error(health_name(of) + " is unhealthy and will be disabled for " +
                config::format_duration(keys.length) + " seconds!",
            {{"unhealthy_requests", health.refusals()},
             {"unhealthy_requests_limit", keys.refusals}});
}

void log_end_of_pause(logger const& log, config::runner_entry const& of,
                      entry_health const& health) {
  auto const& keys = health.after_refusals();
  if (!keys) return;  // taken out of the configuration in this moment
  log.warning(health_name(of) + " is not healthy, but check for a new job will be forced!",
              {{"unhealthy_interval", keys->length},
               {"unhealthy_requests", keys->refusals},
               {"unhealthy_requests_limit", keys->refusals}});
}

gitlab::poll_answer no_such_executor(std::string const& name) {
  gitlab::poll_answer out;
  out.what = gitlab::poll_answer::kind::client_error;
  out.message = "executor '" + name + "' is not known";
  return out;
}

}  // namespace

bool manager::may_poll() const {
  if (phase_ != phase::running) return false;
  // Requests under way count: each of them may bring a job.
  return options_.jobs_until_end == 0 ||
         jobs_taken_ + plan_.under_way() < options_.jobs_until_end;
}

void manager::start_polls(net::time_source::time_point now) {
  while (may_poll()) {
    auto const due = plan_.next(now);
    if (!due) break;
    if (plan_.under_way() == 1) last_answer_ = now;
    auto const& at = entries_[due->who];
    at->give_up.try_emplace(due->number, executor_);
    polls_.spawn(poll(*due, at));
  }
  while (auto const which = plan_.give_up(now)) {
    entries_[which->who]->give_up.at(which->number).set();
  }
}

awaitable<void> manager::dispatch() {
  using namespace asio::experimental::awaitable_operators;
  while (phase_ == phase::running) {
    if (options_.jobs_until_end > 0 && jobs_taken_ >= options_.jobs_until_end) break;
    changed_.reset();
    auto const now = services_.time.now();
    start_polls(now);
    auto const wake = may_poll() ? plan_.wake_at(now) : poll_plan::time_point::max();
    if (wake == poll_plan::time_point::max()) {
      if (co_await changed_.wait()) co_return;
    } else {
      auto const first = co_await (changed_.wait() || services_.time.sleep_until(wake));
      bool const cancelled =
          first.index() == 0 ? bool(std::get<0>(first)) : bool(std::get<1>(first));
      if (cancelled) co_return;
      if (first.index() == 1) figures_.timer_ran(services_.time.now() - wake);
    }
  }
}

// The entry may be changed or removed meanwhile.
awaitable<void> manager::poll(poll_plan::request what, std::shared_ptr<entry> at) {
  auto const log = services_.log.with({{"runner", gitlab::short_token(at->runner->token.reveal())},
                                       {"runner_name", at->runner->name}});
  auto const runner = at->runner;
  if (what.forced) log_end_of_pause(log, *runner, plan_.health(what.who));
  std::optional<gitlab::poll_answer> answered;
  if (at->has_executor) {
    answered = co_await ask_for_job(what, at);
    if (answered) log_answer(log, *answered);
  } else {
    log.error("Executor \"" + runner->executor + "\" is not known; marking Runner as unhealthy");
    answered = no_such_executor(runner->executor);
  }
  at->give_up.erase(what.number);
  auto const now = last_answer_ = services_.time.now();
  if (!answered) {
    plan_.given_up(what, now);
    changed_.set();
    co_return;
  }
  if (options_.poll_refused && refused_for_good(*answered)) {
    options_.poll_refused(answered->message);
  }
  auto const then = plan_.answered(what,
                                   {.what = kind_of(*answered),
                                    .knows_last_update = answered->knows_last_update,
                                    .retried = answered->retried},
                                   now);
  if (then.paused) log_pause(log, *runner, plan_.health(what.who));
  if (answered->job) take(what, *at, std::move(*answered), !then.waits);
  changed_.set();
}

// Nothing when the request was given up.
awaitable<std::optional<gitlab::poll_answer>> manager::ask_for_job(poll_plan::request what,
                                                                   std::shared_ptr<entry> at) {
  using namespace asio::experimental::awaitable_operators;
  auto const api = at->api;
  gitlab::poll_request how;
  how.may_hold = what.may_hold;
  std::optional<poll_outcome> outcome;
  auto const first =
      co_await (ask(*api, std::move(how), outcome) || at->give_up.at(what.number).wait());
  // A request that was given up may have brought a job in the same moment: it is ours.
  bool const given_up = first.index() == 1 && !brought_job(outcome);
  if (given_up || !outcome || !*outcome) co_return std::nullopt;
  co_return std::move(**outcome);
}

void manager::take(poll_plan::request const& what, entry const& at, gitlab::poll_answer answer,
                   bool has_slot) {
  // The server did not hear that we have it, and gave it out again: what we have will learn whose
  // it is.
  auto const id = answer.job->payload.id;
  auto const same = [&](auto const& each) { return each.second->runs(at.runner->url, id); };
  if (std::ranges::any_of(tasks_, same) || in_delivery_.contains({at.runner->url, id})) {
    services_.log.warning("A job that is here already was given out again, ignoring",
                          {{"job", id}});
    plan_.job_ended(what, services_.time.now());
    return;
  }
  ++jobs_taken_;
  bool const broken = answer.what == gitlab::poll_answer::kind::broken_job;
  auto task = std::make_shared<job_task>(
      executor_, services_, options_, ids_, directories_, figures_,
      job_task::assignment{at.runner, at.api, std::move(*answer.job), at.api->tls(),
                           broken ? answer.message : std::string(), has_slot});
  tasks_.emplace(what.number, task);
  jobs_.spawn(run_job(what, std::move(task)));
}

void manager::start_waiting() {
  while (auto const which = plan_.start_waiting()) {
    if (auto const task = tasks_.find(which->number); task != tasks_.end()) task->second->start();
  }
}

awaitable<void> manager::run_job(poll_plan::request what, std::shared_ptr<job_task> task) {
  bool slot_free = false;
  auto const free_slot = [this, what, &slot_free] {
    if (std::exchange(slot_free, true)) return;
    plan_.job_ended(what, services_.time.now());
    start_waiting();
    changed_.set();
  };
  try {
    auto const how = co_await task->run(free_slot);
    if (how && options_.job_ended) options_.job_ended(*how);
  } catch (std::exception const& error) {
    auto const [token, name] = names_of(task->runner());
    figures_.runner(token, name).job_broke();
    services_.log.error("Job crashed", {{"error", error.what()}});
  }
  free_slot();
  tasks_.erase(what.number);
  changed_.set();
}

}  // namespace corunner
