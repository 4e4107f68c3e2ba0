#include "runner/job/job_run.hpp"

#include "config/duration.hpp"
#include "config/in_quotes.hpp"
#include "net/event.hpp"
#include "net/exception_text.hpp"
#include "net/task_group.hpp"
#include "runner/gitlab/payload_check.hpp"
#include "runner/job/job_images.hpp"
#include "runner/job/job_inputs.hpp"
#include "runner/job/job_log_frame.hpp"
#include "runner/job/prepare_environment.hpp"
#include "runner/job/running_job.hpp"
#include "runner/job/script/stage_scripts.hpp"
#include "runner/job/script_phase.hpp"
#include "runner/job/stage_runner.hpp"
#include "runner/trace/job_trace.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <fmt/format.h>

#include <exception>
#include <utility>

namespace corunner {
namespace {

using namespace std::chrono_literals;
using gitlab::failure_reason;
using failure = std::optional<job_failure>;

// How long the clean-up of an environment may take before the job goes on without it.
constexpr net::time_source::duration cleanup_limit = 5min;

// The same for the removal of its files.
constexpr net::time_source::duration file_cleanup_limit = 30s;

constexpr std::string_view needs_concrete =
    "native step execution (e.g. the `run:` keyword) on this executor requires the FF_CONCRETE "
    "feature flag to be enabled";

std::string joined_lines(std::vector<std::string> const& lines) {
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace

// The order of a job's life; its scripts are the business of script_phase.
class job_run::impl {
 public:
  impl(asio::any_io_executor executor, job_input input, job_services services)
      : job_(executor, std::move(input), std::move(services)),
        ended_(executor),
        children_(std::move(executor)) {}

  awaitable<job_outcome> run() {
    // In a coroutine of its own, so that our caller's cancellation does not tear it apart.
    children_.spawn(live());
    if (error_code const ec = co_await ended_.wait()) shutdown("terminated");
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await children_.join();
    co_return std::move(outcome_);
  }

  void cancel() {
    if (std::exchange(job_.cancel_wanted, true)) return;
    using progress = running_job::progress;
    if (job_.at == progress::before_steps) {
      abort();
    } else if (job_.at == progress::in_steps && job_.steps) {
      job_.steps->stop();
    }
  }

  void abort() {
    job_.cancel_wanted = true;
    job_.stop(build_failure("canceled", failure_reason::job_canceled), job_state::canceled);
  }

  void shutdown(std::string const& signal_name) {
    job_.stop(build_failure(fmt::format("aborted: {}", signal_name),
                            failure_reason::runner_interrupted),
              job_state::terminated);
  }

  running_job const& job() const { return job_; }

 private:
  awaitable<void> live() {
    struct at_end {
      net::event& event;
      ~at_end() { event.set(); }
    } const guard{ended_};
    std::exception_ptr crash;
    failure failed;
    try {
      failed = co_await work();
    } catch (...) {
      crash = std::current_exception();
    }
    if (crash) {
      failed = build_failure(fmt::format("panic: {}", net::exception_text(crash)),
                             failure_reason::runner_system_failure);
      end_state_ = job_state::terminated;
    }
    co_await clean_up_files();
    co_await clean_up_environment();
    job_.place.reset();
    set_outcome(failed);
    co_await print_footer(job_, failed);
  }

  // Everything up to the verdict.
  awaitable<failure> work() {
    // A copy of the payload is kept for as long as the job runs: only where something was filled
    // in.
    if (job_.flags["FF_ENABLE_JOB_INPUTS_INTERPOLATION"] && !job_.payload().inputs.empty()) {
      auto filled = interpolate_inputs(job_.payload(), job_.inputs);
      if (!filled) co_return filled.error();
      job_.replace_payload(std::move(*filled));
    }
    co_await print_header(job_);
    co_await resolve_secrets();
    job_.rebuild_variables();
    expand_image_names(job_);
    tell_images(job_);
    job_.started = job_.services.time.wall_now();
    job_.whole.end_after(job_.timeout);
    job_.state = job_state::running;
    if (!job_.setting_warnings.empty()) {
      auto const text = joined_lines(job_.setting_warnings);
      co_await job_.trace().warning(text);
    }
    co_return co_await prepare_and_run();
  }

  awaitable<failure> prepare_and_run() {
    if (job_.whole.ended()) co_return interrupted();
    if (!job_.services.make_executor(job_.input.runner->executor)) {
      co_return plain_failure("executor not found");
    }
    auto const limit = part_timeout_of("prepare_timeout", job_.input.runner->prepare_timeout,
                                       job_.timeout);
    job_.warn_process_log(limit.warning);
    stop_scope prepare(job_.whole);
    prepare.end_after(limit.limit);
    auto const began = job_.services.time.now();
    co_await begin_section(job_, "prepare_executor");
    auto failed = co_await prepare_environment(job_, prepare);
    co_await end_section(job_, "prepare_executor");
    job_.note_stage_ended("prepare_executor", began);
    if (job_.whole.ended()) co_return interrupted();
    if (prepare.ended()) {
      co_return build_failure(fmt::format("prepare timeout: exceeded timeout of {}",
                                          config::format_duration(limit.limit)),
                              failure_reason::job_execution_timeout);
    }
    if (failed) co_return failed;
    if (auto const refused = refuse_native_steps()) co_return refused;
    co_return co_await run_scripts(prepare);
  }

  awaitable<failure> run_scripts(stop_scope& prepare) {
    script_phase scripts(job_, prepare);
    auto failed = co_await scripts.run();
    if (scripts.interrupted()) co_return interrupted();
    if (wants_suspend(!failed)) {
      co_await job_.trace().warning("Job environment suspension not supported by executor");
      if (!failed) {
        failed = build_failure("executor does not support suspend/resume",
                               failure_reason::runner_system_failure);
      }
    }
    co_return failed;
  }

  failure interrupted() {
    end_state_ = job_.end_state();
    return job_.end_reason();
  }

  failure refuse_native_steps() const {
    if (!gitlab::has_native_steps(job_.payload())) return std::nullopt;
    if (job_.flags["FF_CONCRETE"]) {
      return plain_failure("executor does not support step-runner connect");
    }
    return build_failure(std::string(needs_concrete), failure_reason::runner_configuration_error);
  }

  bool wants_suspend(bool job_ok) const {
    auto const& options = job_.payload().suspend_options;
    return job_.flags["FF_SUSPENDABLE_ENVIRONMENTS"] &&
           (job_ok ? options.suspend_on_success : options.suspend_on_failure);
  }

  // There is no provider of secrets yet: each is told to be unknown, and the job goes on without.
  awaitable<void> resolve_secrets() {
    if (!job_.payload().secrets) co_return;
    job_.stage = "resolve_secrets";
    co_await job_.trace().print("\x1b[36;1mResolving secrets\x1b[0;m");
    for (auto const& [name, secret] : *job_.payload().secrets) {
      auto const text = fmt::format("Resolving secret {}...", config::in_quotes(name));
      co_await job_.trace().print(text);
      co_await job_.trace().warning("Not resolved: no resolver that can handle the secret");
    }
  }

  // A job that was stopped hard does not come to its last stage. What that removes shall not stay
  // for everybody to read until the next job comes: files of variables, tokens for git, locks of a
  // git that was killed. The log knows nothing of it.
  awaitable<void> clean_up_files() {
    if (!job_.environment || !job_.may_have_files) co_return;
    bool done = false;
    try {
      auto script = cleanup_script(job_.scripts(), cleanup_after::stop);
      auto const end = co_await run_silently(job_, "cleanup_file_variables", std::move(script),
                                             file_cleanup_limit);
      done = end.ok();
    } catch (...) {  // an executor that cannot go on
    }
    remove_temporary_files(job_.scripts());
    if (!done) job_.warn_process_log("temporary files of the job may be left");
  }

  // On every way out. What does not end in time is cancelled and left to the executor.
  awaitable<void> clean_up_environment() {
    using namespace asio::experimental::awaitable_operators;
    if (!job_.environment) co_return;
    job_.executor_stage = "cleanup";
    auto const deadline = job_.services.time.now() + cleanup_limit;
    std::string trouble;
    try {
      co_await (clean_up_once() || job_.services.time.sleep_until(deadline));
    } catch (...) {
      trouble = net::exception_text(std::current_exception());
    }
    if (!trouble.empty()) {
      job_.warn_process_log(fmt::format("executor clean-up failed: {}", trouble));
    }
    job_.environment.reset();
    job_.executor_stage = "finish";
  }

  awaitable<error_code> clean_up_once() {
    co_await job_.environment->cleanup();
    co_return error_code();
  }

  void set_outcome(failure const& failed) {
    outcome_.ran_steps = job_.ran_steps;
    outcome_.inputs = job_.inputs;
    if (!failed) {
      job_.state = outcome_.state = job_state::success;
      return;
    }
    outcome_.state = end_state_.value_or(job_state::failed);
    outcome_.unmapped = failed->effective_reason();
    outcome_.reason =
        gitlab::reported_reason(outcome_.unmapped, job_.payload().features.failure_reasons);
    outcome_.exit_code = failed->exit_code;
    outcome_.message = failed->message;
    outcome_.plain = failed->plain();
    job_.state = outcome_.state;
  }

  running_job job_;
  std::optional<job_state> end_state_;
  job_outcome outcome_;
  net::event ended_;
  net::task_group children_;
};

job_run::job_run(asio::any_io_executor executor, job_input input, job_services services)
    : impl_(std::make_unique<impl>(std::move(executor), std::move(input), std::move(services))) {}

job_run::~job_run() = default;

awaitable<job_outcome> job_run::run() { return impl_->run(); }

void job_run::cancel() { impl_->cancel(); }

void job_run::abort() { impl_->abort(); }

void job_run::shutdown(std::string signal_name) { impl_->shutdown(signal_name); }

job_state job_run::state() const { return impl_->job().state; }

std::string const& job_run::stage() const { return impl_->job().stage; }

std::string_view job_run::executor_stage() const { return impl_->job().executor_stage; }

}  // namespace corunner
