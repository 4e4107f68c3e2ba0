#include "runner/wrapper/process_wrapper.hpp"

#include "net/with_timeout.hpp"
#include "runner/wrapper/callback_request.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <csignal>
#include <utility>

namespace corunner {

namespace {

using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

// What a deadline can be reckoned with, however patient somebody is.
constexpr std::chrono::nanoseconds longest_wait = 365 * 24h;
// Of the answer to a callback, which nobody reads.
constexpr std::size_t answer_limit = 64 * 1024;

std::string why_not_ended_well(result<exec::exit_status> const& how) {
  if (!how) return how.error().message();
  return how->ok() ? "" : exec::describe(*how);
}

}  // namespace

process_wrapper::process_wrapper(asio::any_io_executor executor, net::time_source& time,
                                 exec::process_launcher& launcher, net::http_client& callbacks,
                                 logger log, options how)
    : time_(time),
      launcher_(launcher),
      callbacks_(callbacks),
      log_(std::move(log)),
      how_(std::move(how)),
      tasks_(std::move(executor)) {}

awaitable<wrapper_end> process_wrapper::run(net::event& stop) {
  if (start()) co_await wait_for_end(stop);
  co_await stop.wait();
  log_.info("Shutting down wrapper process...");
  auto const end = co_await terminate();
  // A call that is under way is given up: who stops us knows.
  tasks_.cancel();
  co_await tasks_.join();
  co_return end;
}

bool process_wrapper::start() {
  log_.debug("Starting process", {{"args", fmt::format("{}", fmt::join(how_.arguments, " "))}});
  exec::process_options what;
  what.arguments = how_.arguments;
  what.shares_output = true;
  auto started = launcher_.launch(what);
  if (started) {
    process_ = std::move(*started);
    state_.started();
    return true;
  }
  ended("failed to start process: " + started.error().message());
  return false;
}

void process_wrapper::ended(std::string why) {
  process_.reset();
  if (!why.empty()) log_.warning("Wrapped process failed", {{"error", why}});
  state_.ended(std::move(why));
  if (auto whom = state_.take_callback()) {
    tasks_.spawn(call_back(std::move(*whom)));
  } else {
    log_.info("No shutdown callback registered; skipping");
  }
}

awaitable<void> process_wrapper::wait_for_end(net::event& stop) {
  auto const first = co_await (process_->wait() || stop.wait());
  if (first.index() == 0) ended(why_not_ended_well(std::get<0>(first)));
}

awaitable<wrapper_end> process_wrapper::terminate() {
  if (!process_) {
    log_.info("No process to shutdown; exiting");
    co_return wrapper_end::finished;
  }
  if (error_code const ec = process_->signal_alone(SIGTERM)) {
    log_.fatal("Failed while executing wrapped command",
               {{"error", "could not send SIGTERM: " + ec.message()}});
    co_return wrapper_end::cannot_terminate;
  }
  auto const limit = std::min<net::time_source::duration>(how_.termination_timeout, longest_wait);
  auto const how = co_await net::with_timeout(time_, limit, process_->wait());
  if (how.has_error() && how.error() == asio::error::timed_out) {
    log_.fatal("Failed while executing wrapped command",
               {{"error", "timed out waiting for process to exit"}, {"pid", process_->pid()}});
    co_return wrapper_end::timed_out;
  }
  auto const why = why_not_ended_well(how);
  log_fields fields;
  if (!why.empty()) fields.emplace_back("error", why);
  log_.info("Wrapped application exited", std::move(fields));
  state_.ended(why);
  process_.reset();
  co_return wrapper_end::finished;
}

std::optional<std::string> process_wrapper::shut_down_gracefully(shutdown_callback callback) {
  if (!process_) return std::nullopt;
  log_.info("Initiating graceful shutdown of the process");
  if (error_code const ec = process_->signal_alone(SIGQUIT)) {
    return "could not send graceful shutdown signal: " + ec.message();
  }
  if (!callback.url.empty()) {
    log_.debug("Registering shutdown callback",
               {{"target", callback.url}, {"method", callback.method}});
  }
  state_.shutdown_begun(std::move(callback));
  return std::nullopt;
}

std::optional<std::string> process_wrapper::shut_down_forcefully() {
  if (!process_) return std::nullopt;
  log_.info("Initiating forceful shutdown of the process");
  if (error_code const ec = process_->signal_alone(SIGTERM)) {
    return "could not send forceful shutdown signal: " + ec.message();
  }
  state_.shutdown_begun({});
  return std::nullopt;
}

void process_wrapper::pass_on(int signal) {
  if (process_) process_->signal_alone(signal);
}

awaitable<void> process_wrapper::call_back(shutdown_callback whom) {
  log_.info("Running shutdown callback call");
  auto request = callback_request(whom);
  if (!request) {
    log_.error("Could not create shutdown callback request",
               {{"error", request.error().message()}});
    co_return;
  }
  std::string explanation;
  request->explanation = &explanation;
  auto response = co_await callbacks_.send(std::move(*request));
  if (!response) {
    auto const why = explanation.empty() ? response.error().message() : explanation;
    if (response.error() == asio::error::operation_aborted) co_return;
    log_.error("Shutdown callback request failure", {{"error", why}});
    co_return;
  }
  log_.info("Received shutdown callback response",
            {{"status-code", response->status},
             {"status", fmt::format("{} {}", response->status, response->reason)}});
  co_await response->read_all(answer_limit);
}

}  // namespace corunner
