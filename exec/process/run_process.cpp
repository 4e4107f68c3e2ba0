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

// One process from start to end. All that is done for it is done by child coroutines that nobody
// cancels: when its owner is cancelled, run() only tells them so, and waits on.
class session {
 public:
  session(asio::any_io_executor executor, process_launcher& launcher,
          std::unique_ptr<process> child, net::time_source& time, output_sink& output,
          std::string mark, run_options how)
      : launcher_(launcher),
        child_(std::move(child)),
        time_(time),
        output_(output),
        mark_(std::move(mark)),
        how_(how),
        stirred_(executor),
        drained_(executor),
        finished_(executor),
        workers_(executor),
        owner_(executor) {}

  awaitable<run_result> run();

 private:
  awaitable<void> watch();
  awaitable<void> pump(channel which);
  awaitable<void> live();
  awaitable<void> climb();
  error_code take(kill_ladder::action what);
  bool is_worth_waiting(kill_ladder::step const& step) const;
  awaitable<void> drain();
  awaitable<void> leave_nothing();
  void conclude();

  process_launcher& launcher_;
  std::unique_ptr<process> child_;
  net::time_source& time_;
  output_sink& output_;
  std::string mark_;
  run_options how_;
  run_result result_;
  std::optional<exit_status> status_;
  error_code wait_failure_;
  std::exception_ptr output_failure_;
  bool canceled_ = false;
  int open_pipes_ = 2;
  net::event stirred_;   // it ended, or must end: one of the four above
  net::event drained_;   // the pipes are done with, or need not be
  net::event finished_;  // nothing is left to do
  net::task_group workers_;
  net::task_group owner_;
};

awaitable<void> session::watch() {
  auto const how = co_await child_->wait();
  if (how.has_value()) {
    status_ = *how;
  } else if (how.error() != asio::error::operation_aborted) {
    wait_failure_ = how.error();
  }
  stirred_.set();
}

awaitable<void> session::pump(channel which) {
  try {
    co_await child_->pump(which, output_);
  } catch (...) {
    if (!output_failure_) output_failure_ = std::current_exception();
    stirred_.set();
  }
  if (--open_pipes_ == 0) drained_.set();
}

bool session::is_worth_waiting(kill_ladder::step const& step) const {
  if (status_ || wait_failure_) return false;
  return !output_failure_ || step.what == kill_ladder::action::kill;
}

error_code session::take(kill_ladder::action what) {
  if (what == kill_ladder::action::terminate_newcomers) {
    child_->terminate_newcomers();
    return error_code();
  }
  int const signal = what == kill_ladder::action::terminate ? SIGTERM : SIGKILL;
  auto const failed = child_->signal_group(signal);
  if (failed) {
    result_.message = fmt::format("failed to send signal '{}' to process {}: {}",
                                  signal_name(signal), child_->pid(), failed.message());
  }
  return failed;
}

// Ends the process, step by step.
awaitable<void> session::climb() {
  kill_ladder ladder(how_.ladder);
  auto step = ladder.start();
  auto deadline = time_.now();
  // Nobody takes its output any more: there is nothing to be patient for.
  if (output_failure_) step = ladder.signal_failed();
  while (!status_ && step.what != kill_ladder::action::give_up) {
    if (error_code const failed = take(step.what)) {
      step = ladder.signal_failed();
      continue;
    }
    // The second asking is not to add to the time that the first one gave.
    bool const goes_on = step.what == kill_ladder::action::terminate_newcomers;
    deadline = (goes_on ? deadline : time_.now()) + step.wait;
    error_code late;
    while (is_worth_waiting(step) && !late) {
      stirred_.reset();  // another cancel may stir it too
      auto stirred = stirred_.wait();
      late = co_await net::with_timeout(time_, deadline - time_.now(), std::move(stirred));
    }
    if (!status_) step = ladder.still_there();
  }
}

// What is in the pipes, for a bounded time: a background process may hold them for ever.
awaitable<void> session::drain() {
  auto drained = drained_.wait();
  error_code const late = co_await net::with_timeout(time_, how_.drain, std::move(drained));
  if (late) result_.cut = true;
}

awaitable<void> session::live() {
  struct at_end {
    net::event& event;
    ~at_end() { event.set(); }
  } const told{finished_};
  co_await stirred_.wait();
  if (!status_) co_await climb();
  if (status_ && !output_failure_) co_await drain();
  // What is in the pipes now still counts; then the pumps end by themselves.
  child_->stop_pumping();
  if (!status_) workers_.cancel();
  co_await workers_.join();
  conclude();
  bool const may_leave_processes = result_.how == run_result::kind::ended && !result_.cut;
  if (!may_leave_processes) co_await leave_nothing();
}

awaitable<void> session::leave_nothing() {
  if (mark_.empty()) {
    child_->signal_group(SIGKILL);
    co_return;
  }
  co_await launcher_.end_strays(mark_);
}

void session::conclude() {
  if (status_) {
    result_.status = *status_;
  } else if (wait_failure_) {
    result_.message = fmt::format("cannot wait for process {}: {}", child_->pid(),
                                  wait_failure_.message());
  } else {
    result_.message = fmt::format("failed to kill process PID={}, likely process is dormant",
                                  child_->pid());
  }
  if (canceled_) {
    result_.how = run_result::kind::canceled;
  } else if (!status_) {
    result_.how = run_result::kind::lost;
  }
}

awaitable<run_result> session::run() {
  workers_.spawn(pump(channel::out));
  workers_.spawn(pump(channel::err));
  workers_.spawn(watch());
  owner_.spawn(live());

  // A cancelled coroutine would throw at the next co_await; it does again when all is over.
  bool const throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  while (co_await finished_.wait()) {
    canceled_ = true;
    if (status_) drained_.set();
    stirred_.set();
  }
  co_await owner_.join();
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (output_failure_) std::rethrow_exception(output_failure_);
  co_return std::move(result_);
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
                                  process_options what, output_sink& output,
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
  session one(executor, launcher, std::move(*child), time, output, std::move(what.mark), how);
  what = {};
  co_return co_await one.run();
}

}  // namespace corunner::exec
