// `run`: the service. `run --once`: one job, then the end. protocol.md 7, cli.md 5.

#include "runner/command/commands.hpp"
#include "runner/command/config_access.hpp"
#include "runner/command/job_host.hpp"
#include "runner/command/log_settings.hpp"
#include "runner/command/polling_notice.hpp"
#include "runner/command/run_service.hpp"
#include "runner/command/state_directory.hpp"
#include "runner/command/tee_spool.hpp"
#include "runner/command/terminal.hpp"
#include "runner/observe/system_log.hpp"

#include <csignal>
#include <filesystem>
#include <optional>
#include <random>
#include <utility>

namespace corunner {

namespace {

// Exit codes of `run --once`.
constexpr int once_failed = 1;
constexpr int once_could_not_run = 2;
constexpr int once_interrupted = 130;

class run_command final : public command {
 public:
  explicit run_command(services& all) : all_(all), file_(all) {}

  std::vector<flag> flags() override {
    return {
        file_.flag(),
        {
            "once",
            &once_,
            "wait for one job, show its log and exit with its result",
            "",
        },
        {"listen-address", &listen_, "address of the metrics server: [host]:port",
         "LISTEN_ADDRESS"},
        {"strict", &strict_, "refuse a file with unknown keys or values without use", ""},
        {"n, service", &service_, "name of the service, for the system log", ""},
        {"syslog", &syslog_, "log to the system log, too", "LOG_SYSLOG"},
        {"d, working-directory", &directory_, "directory to change to before anything else", ""},
        {"state-directory", &state_directory_,
         "directory for what must survive this process: jobs that are not delivered",
         "CORUNNER_STATE_DIRECTORY"},
        {"u, user", &user_, "user that runs the scripts of the shell executor", ""},
    };
  }

  awaitable<int> run(std::vector<std::string>) override {
    int const cannot = once_ ? once_could_not_run : 1;
    if (syslog_) open_system_log();
    if (!enter_directory()) co_return cannot;
    auto loaded = file_.load(strict_);
    say_starting(loaded ? loaded->values.concurrent : 0);
    if (!loaded) {
      all_.log.fatal("Service run failed", {{"error", loaded.error().message}});
      co_return cannot;
    }
    auto& values = loaded->values;
    if (auto const why = check_log_settings(values)) {
      all_.log.fatal("Service run failed", {{"error", why->message}});
      co_return cannot;
    }
    apply_log_settings(all_, values);
    // One job is watched by a person: its log is what counts, not ours.
    if (once_ && !all_.level_given) all_.log_output.set_level(log_level::warning);
    all_.log.info("Configuration loaded", {{"builds", 0}, {"max_builds", values.concurrent}});
    if (auto const notice = polling_notice(values); !once_ && !notice.empty()) {
      all_.log.info(notice);
    }
    if (!usable(values)) co_return cannot;
    co_return co_await serve(std::move(*loaded));
  }

 private:
  void open_system_log() {
    auto const daemon = std::make_shared<system_log>(all_.io.get_executor(), all_.time, service_);
    if (auto const why = daemon->connect()) {
      all_.log.error("Error while setting up the system logger", {{"error", why.message()}});
    }
    all_.log_output.set_mirror(
        [daemon](log_level level, std::string_view line) { daemon->write(level, line); });
  }

  void say_starting(std::int64_t concurrent) const {
    if (once_) return;
    all_.log.info("Starting multi-runner from " + file_.path() + "...",
                  {{"builds", 0}, {"max_builds", concurrent}});
  }

  bool enter_directory() {
    if (directory_.empty()) return true;
    std::error_code ec;
    std::filesystem::current_path(directory_, ec);
    if (ec) {
      say_starting(0);
      all_.log.fatal("cannot change to the working directory '" + directory_ +
                     "': " + ec.message());
    }
    return !ec;
  }

  bool usable(config::configuration const& values) {
    if (values.concurrent < 1) {
      all_.log.fatal("concurrent = " + std::to_string(values.concurrent) +
                     " means that no jobs will be processed, set it to 1 or more");
      return false;
    }
    if (once_ && values.runners.empty()) {
      all_.log.fatal("no runner in '" + file_.path() + "', add one with the command 'register'");
      return false;
    }
    return true;
  }

  manager_options options(std::string const& system_id) {
    manager_options how;
    how.identity = job_host::identity(system_id);
    how.working_directory = std::filesystem::current_path();
    how.user = user_;
    how.seed = std::random_device{}();
    if (once_) {
      how.jobs_until_end = 1;
      how.job_ended = [this](job_outcome const& result) { last_ = result; };
    }
    return how;
  }

  awaitable<int> serve(loaded_config loaded) {
    auto& values = loaded.values;
    auto hosting = once_ ? job_host::impatient() : job_host::options{};
    hosting.connection_max_age = values.connection_max_age;
    job_host host(all_, std::move(hosting));
    auto journal = open_journal(all_, state_directory_);
    auto parts = host.make_services(all_.log, journal);
    if (once_) show_log(parts);
    auto how = options(loaded.system_id);
    manager* running = nullptr;
    if (once_) {
      how.poll_refused = [this, &running](std::string const& why) {
        refused_ = why;
        running->stop_gracefully();
      };
    }
    // A thousand runner entries are not kept twice.
    auto runners = std::exchange(values.runners, {});
    auto running_values = values;
    values.runners = std::move(runners);
    manager jobs(all_.io.get_executor(), std::move(parts), std::move(how), std::move(values));
    running = &jobs;

    run_service::options around{.file = file_.path(),
                                .strict = strict_,
                                .listen_address = listen_.value_or(""),
                                .once = once_,
                                .system_id = loaded.system_id,
                                .beside = [&host] { return host.reap_adopted(); },
                                .stop_signal = [this](int signal) { signal_ = signal; }};
    run_service service(all_, jobs, std::move(around), std::move(running_values),
                        loaded.fingerprint);
    if (!service.open()) co_return 1;
    auto const end = co_await service.run();
    // Jobs that did not end in time are still running: nothing may wait for them.
    if (end == manager_end::timed_out) {
      all_.log.fatal("Service run failed", {{"error", "shutdown timed out"}});
      std::_Exit(EXIT_FAILURE);
    }
    all_.log.info("Can exit now!");
    co_return once_ ? once_exit_code() : 0;
  }

  void show_log(manager_services& parts) {
    parts.watch_log = [this](std::unique_ptr<spool> storage) -> std::unique_ptr<spool> {
      return std::make_unique<tee_spool>(
          std::move(storage), live_log::options{.prefix = "", .colours = screen_.colours()},
          [this](std::string_view text) { screen_.write(text); });
    };
  }

  int once_exit_code() const {
    if (signal_ == SIGINT || signal_ == SIGTERM) return once_interrupted;
    if (!last_) {
      if (!refused_.empty()) all_.log.fatal("no job can be asked for: " + refused_);
      return signal_ ? 0 : once_could_not_run;
    }
    if (last_->ok()) return 0;
    return last_->unmapped == gitlab::failure_reason::runner_system_failure ? once_could_not_run
                                                                     : once_failed;
  }

  services& all_;
  config_access file_;
  terminal screen_;
  bool once_ = false;
  std::optional<std::string> listen_;
  bool strict_ = false;
  bool syslog_ = false;
  std::string service_ = "gitlab-runner";
  std::string directory_;
  std::string user_;
  std::string state_directory_;
  std::optional<job_outcome> last_;
  std::string refused_;
  int signal_ = 0;
};

}  // namespace

std::unique_ptr<command> make_run(services& all) { return std::make_unique<run_command>(all); }

}  // namespace corunner
