#include "runner/command/run_service.hpp"

#include "net/task_group.hpp"
#include "runner/command/debug_pages.hpp"
#include "runner/command/status_report.hpp"
#include "runner/command/stop_watch.hpp"
#include "runner/session/session_host.hpp"
#include "runner/observe/process_metrics.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <utility>

namespace corunner {

namespace {

constexpr auto cannot_listen = "Failed to create listener for metrics server";

}  // namespace

run_service::run_service(services& all, manager& jobs, options how, config::configuration running,
                         std::size_t fingerprint)
    : all_(all),
      jobs_(jobs),
      how_(std::move(how)),
      first_address_(running.listen_address),
      sessions_(running.session_server),
      endpoint_(all.io.get_executor(), all.time, all.log, figures_,
                debug_pages(jobs, all.log_output.filters())),
      reload_(all, jobs, reload_options(), std::move(running), fingerprint),
      tokens_(all, jobs, reload_, {.file = how_.file, .system_id = how_.system_id}),
      view_{jobs, reload_, tokens_, all.log_output, how_.system_id},
      status_(all, how_.file, [this] { return report(); }),
      notice_(service_notice::of_process(all.variables)) {
  add_process_metrics(figures_);
  add_run_metrics(figures_, view_);
  jobs_.figures().add_to(figures_, how_.system_id);
}

config_reload::options run_service::reload_options() {
  return {.file = how_.file,
          .strict = how_.strict,
          .also = [this](config::configuration const& values) {
            tokens_.look_again();
            if (auto const why = listen(values.listen_address)) {
              all_.log.error(cannot_listen, {{"error", why.message()}});
            }
          }};
}

error_code run_service::listen(std::string const& from_file) {
  return endpoint_.listen(how_.listen_address.empty() ? from_file : how_.listen_address);
}

std::string run_service::report() const {
  auto const& standing = reload_.standing();
  return to_json({.process = ::getpid(),
                  .state = std::string(jobs_.state()),
                  .jobs = static_cast<std::int64_t>(jobs_.running_jobs()),
                  .concurrent = jobs_.concurrent(),
                  .loaded_at = standing.loaded_at,
                  .trouble = standing.trouble,
                  .trouble_since = standing.trouble_since});
}

bool run_service::lives() const {
  if (!jobs_.stalled()) return true;
  all_.log.error("No server is asked for jobs although it is time, the watchdog is not fed");
  return false;
}

void run_service::say_stopping(int signal) const {
  notice_.stopping(fmt::format("stopping, {} jobs left", jobs_.running_jobs()));
  if (how_.stop_signal) how_.stop_signal(signal);
}

bool run_service::open() {
  if (how_.once) return true;
  auto const why = listen(first_address_);
  if (why) {
    all_.log.fatal(cannot_listen, {{"error", why.message()}});
    return false;
  }
  if (!check_sessions()) return false;
  status_.open();
  return true;
}

bool run_service::check_sessions() const {
  if (sessions_.listen_address.empty()) {
    all_.log.info("[session_server].listen_address not defined, session endpoints disabled");
    return true;
  }
  auto const host = session_host_of(sessions_);
  if (!host) {
    all_.log.fatal("Failed to create session server", {{"error", host.error().message}});
    return false;
  }
  for (auto const& address : host->unreadable) {
    all_.log.warning("Failed to parse session address", {{"address", address}});
  }
  all_.log.warning("Interactive terminals are not offered, [session_server] has no effect");
  return true;
}

awaitable<manager_end> run_service::run() {
  stop_watch signals{.first = [this](int signal) { say_stopping(signal); }, .reload = {}};
  if (!how_.once) signals.reload = [this] { reload_.now(); };
  // Who waits for one job sees that it ended.
  if (how_.once) signals.level = log_level::info;
  net::task_group watchers(all_.io.get_executor());
  watchers.spawn(watch_stop_signals(all_, jobs_, std::move(signals)));
  watchers.spawn(how_.beside());
  if (!how_.once) {
    watchers.spawn(reload_.run());
    watchers.spawn(tokens_.run());
  }
  watchers.spawn(feed_watchdog(notice_, all_.time, [this] { return lives(); }));
  notice_.ready("asking for jobs");
  auto const end = co_await jobs_.run();
  watchers.cancel();
  co_await watchers.join();
  co_await endpoint_.stop();
  co_await status_.stop();
  if (end != manager_end::timed_out) all_.log.info("All workers stopped.");
  co_return end;
}

}  // namespace corunner
