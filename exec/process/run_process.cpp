#include "exec/process/run_process.hpp"

#include "net/event.hpp"
#include "net/task_group.hpp"
#include "net/with_timeout.hpp"

#include <fmt/format.h>

#include <boost/asio/cancellation_state.hpp>

#include <csignal>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace corunner::exec {
namespace {

// One process from start to end: two pumps and a waiter are its children, end() is its owner.
class session {
 public:
  session(asio::any_io_executor executor, std::unique_ptr<process> child, net::time_source& time,
          output_sink& output, run_options how)
      : child_(std::move(child)),
        time_(time),
        output_(output),
        how_(how),
        ended_(executor),
        drained_(executor),
        group_(executor) {}

  awaitable<run_result> run();
  void kill_group() { child_->signal_group(SIGKILL); }

 private:
  awaitable<void> watch();
  awaitable<void> pump(channel which);
  awaitable<void> climb();
  awaitable<error_code> drain();
  run_result conclude(bool canceled);

  std::unique_ptr<process> child_;
  net::time_source& time_;
  output_sink& output_;
  run_options how_;
  run_result result_;
  std::optional<exit_status> status_;
  error_code wait_failure_;
  std::exception_ptr output_failure_;
  int open_pipes_ = 2;
  net::event ended_;    // it did, or there is no point in waiting on
  net::event drained_;  // both pipes are done with
  net::task_group group_;
};

awaitable<void> session::watch() {
  auto const how = co_await child_->wait();
  if (how.has_value()) {
    status_ = *how;
  } else if (how.error() != asio::error::operation_aborted) {
    wait_failure_ = how.error();
  }
  ended_.set();
}

awaitable<void> session::pump(channel which) {
  try {
    co_await child_->pump(which, output_);
  } catch (...) {
    if (!output_failure_) output_failure_ = std::current_exception();
    ended_.set();
  }
  if (--open_pipes_ == 0) drained_.set();
}

// Ends the process, step by step.
awaitable<void> session::climb() {
  kill_ladder ladder(how_.ladder);
  auto step = ladder.start();
  // Nobody takes its output any more: there is nothing to be patient for.
  if (output_failure_) step = ladder.still_there();
  while (!status_ && step.what != kill_ladder::action::give_up) {
    int const signal = step.what == kill_ladder::action::terminate ? SIGTERM : SIGKILL;
    if (error_code const failed = child_->signal_group(signal)) {
      result_.message = fmt::format("failed to send signal '{}' to process {}: {}",
                                    signal_name(signal), child_->pid(), failed.message());
      step = ladder.signal_failed();
      continue;
    }
    ended_.reset();
    auto over = ended_.wait();
    co_await net::with_timeout(time_, step.wait, std::move(over));
    if (!status_) step = ladder.still_there();
  }
  if (wait_failure_) {
    result_.message = fmt::format("cannot wait for process {}: {}", child_->pid(),
                                  wait_failure_.message());
  } else if (!status_) {
    result_.message = fmt::format("failed to kill process PID={}, likely process is dormant",
                                  child_->pid());
  }
}

// What is in the pipes, for a bounded time: a background process may hold them for ever.
awaitable<error_code> session::drain() {
  auto done = drained_.wait();
  error_code const ec = co_await net::with_timeout(time_, how_.drain, std::move(done));
  if (ec == asio::error::timed_out) result_.cut = true;
  co_return ec;
}

awaitable<run_result> session::run() {
  group_.spawn(pump(channel::out));
  group_.spawn(pump(channel::err));
  group_.spawn(watch());

  bool canceled = (co_await ended_.wait()) == asio::error::operation_aborted;
  if (canceled || !status_) {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await climb();
  }
  if (status_ && !output_failure_) {
    if ((co_await drain()) == asio::error::operation_aborted) canceled = true;
  }

  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  // What is in the pipes now still counts; then the pumps end by themselves.
  child_->stop_pumping();
  if (!status_) group_.cancel();
  co_await group_.join();
  if (output_failure_) std::rethrow_exception(output_failure_);
  co_return conclude(canceled);
}

run_result session::conclude(bool canceled) {
  if (status_) result_.status = *status_;
  if (canceled) {
    result_.how = run_result::kind::canceled;
  } else if (!status_) {
    result_.how = run_result::kind::lost;
  }
  return std::move(result_);
}

// Go's words, which users know from job logs.
std::string start_failure(process_options const& what, error_code why) {
  auto const& program = what.arguments.front();
  if (why != boost::system::errc::no_such_file_or_directory) {
    return fmt::format("fork/exec {}: {}", program, why.message());
  }
  std::error_code ignored;
  if (!what.directory.empty() && !std::filesystem::is_directory(what.directory, ignored)) {
    return fmt::format("chdir {}: no such file or directory", what.directory.string());
  }
  if (program.find('/') != std::string::npos) {
    return fmt::format("fork/exec {}: no such file or directory", program);
  }
  return fmt::format("exec: \"{}\": executable file not found in $PATH", program);
}

}  // namespace

awaitable<run_result> run_process(process_launcher& launcher, net::time_source& time,
                                  process_options const& what, output_sink& output,
                                  run_options how) {
  auto const executor = co_await asio::this_coro::executor;
  auto const state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    run_result result;
    result.how = run_result::kind::canceled;
    co_return result;
  }
  auto child = launcher.launch(what);
  if (child.has_error()) {
    run_result result;
    result.how = run_result::kind::not_started;
    result.message = start_failure(what, child.error());
    co_return result;
  }
  session one(executor, std::move(*child), time, output, how);
  auto result = co_await one.run();
  bool const leaves_nothing = result.cut || result.how != run_result::kind::ended;
  if (leaves_nothing && !what.mark.empty()) {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await launcher.end_strays(what.mark);
  } else if (leaves_nothing) {
    one.kill_group();
  }
  co_return result;
}

}  // namespace corunner::exec
