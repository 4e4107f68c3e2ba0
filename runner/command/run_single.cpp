// `run-single`: one runner, named by flags or an entry of the file, one job after the other. cli.md
// 8

#include "runner/command/commands.hpp"
#include "runner/command/config_access.hpp"
#include "runner/command/job_host.hpp"
#include "runner/command/runner_flags.hpp"
#include "runner/command/state_directory.hpp"
#include "runner/command/stop_signals.hpp"
#include "runner/command/stop_watch.hpp"
#include "runner/gitlab/short_token.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <random>
#include <utility>

namespace corunner {

namespace {

using seconds = std::chrono::seconds;

// Between two requests that bring no job, whatever the file says.
constexpr int pause_seconds = 3;

class run_single_command final : public command {
 public:
  explicit run_single_command(services& all) : all_(all), file_(all) {}

  std::vector<flag> flags() override {
    std::vector<flag> flags{
        file_.flag(),
        {"r, runner", &name_,
         "name of an entry of the file to run; the other runner flags are ignored then", ""},
        {"max-builds", &max_builds_, "end after so many jobs; 0: never", ""},
        {"wait-timeout", &wait_timeout_, "end after so many seconds without a job; 0: never", ""},
        {"shutdown-timeout", &shutdown_timeout_,
         "seconds that a job has to end when stopped; 0: 30", ""},
        {"state-directory", &state_directory_,
         "directory for what must survive this process: jobs that are not delivered",
         "CORUNNER_STATE_DIRECTORY"},
    };
    for (flag& each : runner_flags(entry_)) flags.push_back(std::move(each));
    return flags;
  }

  awaitable<int> run(std::vector<std::string>) override {
    if (name_.empty()) {
      // Without a file there is none to keep the id beside.
      system_id_ = config::make_system_id(config::machine_id());
    } else if (auto const why = load_entry()) {
      all_.log.fatal(*why);
      co_return 1;
    }
    job_host::options hosting;
    hosting.connection_max_age = connection_max_age_;
    job_host host(all_, std::move(hosting));
    auto journal = open_journal(all_, state_directory_);
    auto parts = host.make_services(all_.log, journal);
    if (auto const missing = missing_value(parts)) {
      all_.log.fatal(*missing);
      co_return 1;
    }
    all_.log.info(fmt::format("Starting runner for {} with token {} ...", entry_.url,
                              gitlab::short_token(entry_.token.reveal())));
    manager jobs(all_.io.get_executor(), std::move(parts), options(), settings());
    co_return co_await serve(jobs, host);
  }

 private:
  std::optional<std::string> load_entry() {
    auto loaded = file_.load();
    if (!loaded) return "Error loading config: " + loaded.error().message;
    auto& runners = loaded->values.runners;
    auto const found = std::ranges::find(runners, name_, &config::runner_entry::name);
    if (found == runners.end()) {
      return fmt::format("Error loading runner by name: could not find a runner with the name '{}'",
                         name_);
    }
    entry_ = std::move(*found);
    system_id_ = std::move(loaded->system_id);
    labels_ = std::move(loaded->values.labels);
    connection_max_age_ = loaded->values.connection_max_age;
    return std::nullopt;
  }

  std::optional<std::string> missing_value(manager_services const& parts) const {
    if (entry_.url.empty()) return "Missing URL";
    if (entry_.token.empty()) return "Missing Token";
    if (entry_.executor.empty()) return "Missing Executor";
    if (!parts.make_executor(entry_.executor)) return "Unknown executor: " + entry_.executor;
    return std::nullopt;
  }

  manager_options options() {
    manager_options how;
    how.identity = job_host::identity(system_id_);
    how.working_directory = std::filesystem::current_path();
    how.seed = std::random_device{}();
    how.jobs_until_end = static_cast<unsigned>(std::max<std::int64_t>(max_builds_, 0));
    how.job_ended = [this](job_outcome const& result) {
      idle_since_ = all_.time.now();
      if (!result.ok()) all_.log.error("Failed to process build", {{"error", result.message}});
    };
    return how;
  }

  config::configuration settings() {
    config::configuration values;
    values.concurrent = 1;
    values.check_interval = pause_seconds;
    values.shutdown_timeout = shutdown_timeout_;
    values.labels = std::move(labels_);
    values.runners = {std::move(entry_)};
    return values;
  }

  awaitable<int> serve(manager& jobs, job_host& host) {
    net::task_group beside(all_.io.get_executor());
    beside.spawn(watch_signals(jobs));
    beside.spawn(host.reap_adopted());
    if (wait_timeout_ > 0) beside.spawn(watch_idling(jobs));
    auto const end = co_await jobs.run();
    beside.cancel();
    co_await beside.join();
    // Its processes have been ended, but nothing may wait for the job any more.
    if (end == manager_end::timed_out) {
      all_.log.fatal("shutdown timed out");
      std::_Exit(EXIT_FAILURE);
    }
    if (end == manager_end::jobs_done) {
      all_.log.info("This runner has processed its build limit, so now exiting");
    }
    co_return 0;
  }

  awaitable<void> watch_idling(manager& jobs) {
    seconds const limit{wait_timeout_};
    idle_since_ = all_.time.now();
    while (all_.time.now() < idle_since_ + limit) {
      if (co_await all_.time.sleep_until(idle_since_ + limit)) co_return;
      if (jobs.running_jobs() > 0) idle_since_ = all_.time.now();
    }
    all_.log.info(fmt::format("This runner has not received a job in {} seconds, so now exiting",
                              wait_timeout_));
    jobs.stop_gracefully();
  }

  // HUP, which has nothing to reload here, keeps its default action.
  awaitable<void> watch_signals(manager& jobs) {
    asio::signal_set signals(all_.io, SIGINT, SIGTERM, SIGQUIT);
    open_stop_signals();
    for (bool at_once = false;;) {
      auto const [ec, signal] = co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
      if (ec) co_return;
      if (at_once) {
        all_.log.fatal(fmt::format("forced exit: {}", stop_signal_name(signal)));
        std::_Exit(EXIT_FAILURE);
      }
      if (signal == SIGQUIT) {
        all_.log.warning("Requested quit, waiting for builds to finish");
        jobs.stop_gracefully();
        continue;
      }
      at_once = true;
      all_.log.warning(fmt::format("Requested exit: {}", stop_signal_name(signal)));
      jobs.stop_forcefully(stop_signal_name(signal));
    }
  }

  services& all_;
  config_access file_;
  config::runner_entry entry_;
  std::string name_;
  std::int64_t max_builds_ = 0;
  std::int64_t wait_timeout_ = 0;
  std::int64_t shutdown_timeout_ = 0;
  std::string state_directory_;
  std::string system_id_;
  decltype(config::configuration::labels) labels_;
  std::optional<config::duration> connection_max_age_;
  net::time_source::time_point idle_since_;
};

}  // namespace

std::unique_ptr<command> make_run_single(services& all) {
  return std::make_unique<run_single_command>(all);
}

}  // namespace corunner
