#include "runner/command/stop_watch.hpp"

#include "runner/command/stop_signals.hpp"
#include "runner/manager/job_task.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdlib>
#include <string>

namespace corunner {

char const* stop_signal_name(int signal) {
  switch (signal) {
    case SIGINT:
      return "interrupt";
    case SIGQUIT:
      return "quit";
    default:
      return "terminated";
  }
}

namespace {

named_number named(int signal) { return {signal, stop_signal_name(signal)}; }

// What the signals so far have led to. Log tools match the words (cli.md 5).
class stopping {
 public:
  stopping(services& all, manager& what, stop_watch const& tell)
      : all_(all), what_(what), tell_(tell) {}

  bool begun() const { return now_ != state::running; }

  void stop(int signal) {
    say(std::string(place()) + " received stop signal", {{"stop-signal", named(signal)}});
    if (now_ == state::forceful) end_at_once(signal);
    if (tell_.first && now_ == state::running) tell_.first(signal);
    if (signal == SIGQUIT) return gracefully();
    forcefully(signal);
  }

 private:
  enum class state { running, graceful, forceful };

  std::string_view place() const {
    switch (now_) {
      case state::running:
        return "[runWait]";
      case state::graceful:
        return "[handleGracefulShutdown]";
      case state::forceful:
        return "[handleForcefulShutdown]";
    }
    return {};
  }

  void say(std::string_view text, log_fields more) const {
    more.emplace_back("builds", what_.running_jobs());
    more.emplace_back("max_builds", what_.concurrent());
    all_.log.log(tell_.level, text, std::move(more));
  }

  void gracefully() {
    now_ = state::graceful;
    say("Starting graceful shutdown, waiting for builds to finish",
        {{"StopSignal", named(SIGQUIT)}});
    what_.stop_gracefully();
  }

  void forcefully(int signal) {
    now_ = state::forceful;
    say("Graceful shutdown not finished properly. To gracefully clean up running plugins please use "
        "SIGQUIT (ctrl-\\) instead of SIGINT (ctrl-c)",
        {{"error", std::string("received stop signal: ") + stop_signal_name(signal)}});
    say("Starting forceful shutdown",
        {{"StopSignal", named(signal)}, {"shutdown-timeout", what_.shutdown_timeout()}});
    what_.stop_forcefully(stop_signal_name(signal));
  }

  // Asked twice: whoever asks does not want to wait for anything any more.
  [[noreturn]] void end_at_once(int signal) const {
    say("Forceful shutdown not finished properly", {});
    all_.log.fatal("Service run failed", {{"error", std::string("forced exit with stop signal: ") +
                                                        stop_signal_name(signal)}});
    std::_Exit(EXIT_FAILURE);
  }

  services& all_;
  manager& what_;
  stop_watch const& tell_;
  state now_ = state::running;
};

void reload(services& all, stop_watch const& tell) {
  if (tell.reload) return tell.reload();
  all.log.warning("this command does not reload its configuration, ignoring the signal");
}

// For a person who wonders what we are at.
void show_state(services& all, manager const& what) {
  all.log.debug("=== received SIGUSR1 ===", {{"state", what.state()},
                                             {"builds", what.running_jobs()},
                                             {"max_builds", what.concurrent()},
                                             {"slots_taken", what.slots_taken()}});
  what.each_poll([&](manager::entry_names const& names, poll_plan::figures const& how) {
    all.log.debug("runner", {{"runner", names.first},
                             {"runner_name", names.second},
                             {"requests", how.requests},
                             {"requests_in_flight", how.in_flight},
                             {"refusals", how.refusals}});
  });
  what.each_job([&](job_task const& job) {
    all.log.debug("job", {{"runner_name", job.runner().name},
                          {"job-state", to_string(job.state())},
                          {"stage", job.stage()}});
  });
  all.log.debug("*** end");
}

}  // namespace

awaitable<void> watch_stop_signals(services& all, manager& what, stop_watch tell) {
  asio::signal_set signals(all.io, SIGINT, SIGTERM, SIGQUIT);
  for (int const each : {SIGHUP, SIGUSR1, SIGUSR2}) signals.add(each);
  open_stop_signals();
  stopping stop(all, what, tell);
  while (true) {
    auto [ec, signal] = co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
    if (ec) co_return;
    if (signal == SIGHUP && !stop.begun()) {
      reload(all, tell);
    } else if (signal == SIGUSR1) {
      show_state(all, what);
    } else if (signal != SIGHUP && signal != SIGUSR2) {
      stop.stop(signal);
    }
  }
}

}  // namespace corunner
