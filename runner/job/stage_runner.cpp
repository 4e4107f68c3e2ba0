#include "runner/job/stage_runner.hpp"

#include "exec/process/exit_status.hpp"
#include "net/event.hpp"
#include "net/task_group.hpp"
#include "runner/trace/job_trace.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace corunner {
namespace {

using namespace std::chrono_literals;

// How long a job that is to end waits for its script, before it goes on without.
constexpr net::time_source::duration finish_wait = 5min;

constexpr int killed_by_signal = -1;

constexpr std::string_view late_hint =
    "could not run to completion because the timeout was exceeded. For more control over job and "
    "script timeouts see: https://docs.gitlab.com/ci/runners/configure_runners/"
    "#set-script-and-after_script-timeouts";

struct titled_stage {
  std::string_view name;
  std::string_view title;
};

constexpr titled_stage titles[] = {
    {"resolve_secrets", "Resolving secrets"},
    {"prepare_script", "Preparing environment"},
    {"get_sources", "Getting source from Git repository"},
    {"clear_worktree", "Deleting all tracked and untracked files due to source fetch failure"},
    {"restore_cache", "Restoring cache"},
    {"download_artifacts", "Downloading artifacts"},
    {"after_script", "Running after_script"},
    {"archive_cache", "Saving cache for successful job"},
    {"archive_cache_on_failure", "Saving cache for failed job"},
    {"upload_artifacts_on_success", "Uploading artifacts for successful job"},
    {"upload_artifacts_on_failure", "Uploading artifacts for failed job"},
    {"cleanup_file_variables", "Cleaning up project directory and file based variables"},
};

// One script as a child of its own, so that it can be stopped and still be heard to its end.
class script_child {
 public:
  script_child(running_job& job, exec::stage what, exec::output_sink& output)
      : job_(job),
        what_(std::move(what)),
        output_(output),
        ended_(job.executor),
        children_(job.executor) {
    children_.spawn(run());
  }

  // Ends with the script, or when the scope does.
  awaitable<void> wait_within(stop_scope& scope) {
    using namespace asio::experimental::awaitable_operators;
    co_await (ended_.wait() || scope.wait());
  }

  bool ended() const { return ended_.is_set(); }

  // Stops the script and waits for it: as long as it takes its executor to end it, but once the
  // whole job is to end no longer than the finish wait.
  awaitable<void> stop() {
    using namespace asio::experimental::awaitable_operators;
    children_.cancel();
    co_await (ended_.wait() || job_.whole.wait());
    auto const deadline = job_.services.time.now() + finish_wait;
    co_await (ended_.wait() || job_.services.time.sleep_until(deadline));
    if (ended()) co_return;
    co_await job_.trace().warning("Timed out waiting for the build to finish");
    co_await job_.environment->cleanup();
  }

  // Must be awaited before the object goes.
  awaitable<exec::stage_outcome> outcome() {
    co_await children_.join();
    co_return std::move(outcome_);
  }

 private:
  awaitable<void> run() {
    struct at_end {
      net::event& event;
      ~at_end() { event.set(); }
    } const guard{ended_};
    outcome_ = co_await job_.environment->run(std::move(what_), output_);
  }

  running_job& job_;
  exec::stage what_;
  exec::output_sink& output_;
  exec::stage_outcome outcome_{.how = exec::stage_outcome::kind::canceled};
  net::event ended_;
  net::task_group children_;
};

awaitable<stage_end> run_within(running_job& job, exec::stage what, stop_scope& scope,
                                exec::output_sink& output) {
  script_child child(job, std::move(what), output);
  stage_end end;
  std::exception_ptr crash;
  try {
    co_await child.wait_within(scope);
    if (!child.ended()) {
      end.stopped = true;
      co_await child.stop();
    }
  } catch (...) {
    crash = std::current_exception();
  }
  auto const outcome = co_await child.outcome();
  if (crash) std::rethrow_exception(crash);
  if (!outcome.ok()) end.failure = failure_of(outcome);
  co_return end;
}

class no_output final : public exec::output_sink {
 public:
  awaitable<void> write(exec::channel, std::string_view) override { co_return; }
};

}  // namespace

std::string stage_title(std::string_view stage, std::string_view executor) {
  if (stage == "prepare_executor") return fmt::format("Preparing the \"{}\" executor", executor);
  auto const found = std::ranges::find(titles, stage, &titled_stage::name);
  if (found != std::end(titles)) return std::string(found->title);
  return fmt::format("Executing \"{}\" stage of the job script", stage);
}

job_failure failure_of(exec::stage_outcome const& outcome) {
  using kind = exec::stage_outcome::kind;
  if (outcome.how == kind::failed) return plain_failure(outcome.message);
  exec::exit_status status{outcome.exit_code, outcome.signal, false};
  // A script that was stopped and told no status: what a shell that got SIGTERM gives.
  if (outcome.how == kind::canceled && status.ok()) status.exit_code = 1;
  auto const text =
      outcome.message.empty() || outcome.how == kind::canceled ? describe(status) : outcome.message;
  return build_failure(text, gitlab::failure_reason::script_failure,
                       status.signal ? killed_by_signal : status.exit_code);
}

awaitable<void> begin_section(running_job& job, std::string name) {
  job.stage = std::move(name);
  auto const title = stage_title(job.stage, job.input.runner->executor);
  auto const shown = fmt::format("\x1b[36;1m{}\x1b[0;m", title);
  co_await job.trace().section_start(job.stage);
  co_await job.trace().print(shown);
}

awaitable<void> end_section(running_job& job, std::string const& name) {
  co_await job.trace().end_output();
  co_await job.trace().section_end(name);
}

awaitable<void> show_stage(running_job& job, std::string name, std::vector<std::string> notices) {
  auto const began = job.services.time.now();
  job.tell_stage("Executing build stage", name);
  co_await begin_section(job, name);
  std::string text;
  for (auto const& each : notices) text += fmt::format("\x1b[32;1m{}\x1b[0;m\n", each);
  if (!text.empty()) co_await job.trace().output().write(exec::channel::out, text);
  co_await end_section(job, name);
  job.note_stage_ended(name, began);
}

awaitable<stage_end> run_silently(running_job& job, std::string name, std::string script,
                                  net::time_source::duration limit) {
  stop_scope scope(job.executor, job.services.time);
  scope.end_after(limit);
  no_output nowhere;
  exec::stage what{std::move(name), std::move(script), true};
  co_return co_await run_within(job, std::move(what), scope, nowhere);
}

awaitable<stage_end> run_stage(running_job& job, std::string name, std::string script,
                               bool predefined, stop_scope& scope, exec::output_sink* output) {
  stage_end end;
  if (scope.ended()) {
    end.stopped = true;
    co_return end;
  }
  auto const began = job.services.time.now();
  job.tell_stage("Executing build stage", name);
  if (script.empty()) {
    job.tell_stage("Skipping stage (nothing to do)", name);
    job.note_stage_ended(name, began);
    co_return end;
  }
  co_await begin_section(job, name);
  exec::stage what{name, std::move(script), predefined};
  auto& prints_to = output ? *output : job.trace().output();
  end = co_await run_within(job, std::move(what), scope, prints_to);
  co_await end_section(job, name);
  job.note_stage_ended(name, began);
  if (scope.late()) {
    auto const text = fmt::format("{} {}", name, late_hint);
    co_await job.trace().warning(text);
  }
  co_return end;
}

}  // namespace corunner
