#include "runner/job/script_phase.hpp"

#include "config/duration.hpp"
#include "net/blocking_pool.hpp"
#include "runner/job/retry_delay.hpp"
#include "runner/job/script/shell_free.hpp"
#include "runner/job/script/stage_scripts.hpp"
#include "runner/job/words.hpp"
#include "runner/trace/job_trace.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace corunner {
namespace {

using gitlab::failure_reason;
using failure = std::optional<job_failure>;

constexpr std::string_view profile_hint =
    "Check https://docs.gitlab.com/runner/shells/#shell-profile-loading for more information";

job_failure exceeded(std::string_view what, config::duration limit) {
  return build_failure(
      fmt::format("{} timeout: exceeded timeout of {}", what, config::format_duration(limit)),
      failure_reason::job_execution_timeout);
}

job_failure canceled() { return build_failure("canceled", failure_reason::job_canceled); }

// What a policy says about variables, for the log.
std::string policy_on_variables(gitlab::policy_options const& policy) {
  if (!policy.policy_variables_override_allowed) {
    return "Variables defined in the policy take precedence over matching user-defined CI/CD "
           "variables for this job.";
  }
  auto const& exceptions = policy.policy_variables_override_exceptions;
  return fmt::format(
      "User-defined CI/CD variables are {} in this job{} according to the policy.",
      *policy.policy_variables_override_allowed ? "allowed" : "ignored",
      exceptions ? fmt::format(" (except for {})", fmt::join(*exceptions, ", ")) : "");
}

// Passes on what the first script prints, and sees whether that is its own line alone. A user's
// profile that prints something does so in every stage, and then each needs its shell.
class profile_watch final : public exec::output_sink {
 public:
  explicit profile_watch(exec::output_sink& to) : to_(to) {}
  awaitable<void> write(exec::channel from, std::string_view bytes) override {
    seen_.append(bytes.substr(0, longest_line - std::min(seen_.size(), longest_line)));
    if (from == exec::channel::err) silent_ = false;
    co_await to_.write(from, bytes);
  }
  bool silent() const {
    return silent_ && seen_.starts_with("Running on ") && seen_.find('\n') == seen_.size() - 1;
  }

 private:
  static constexpr std::size_t longest_line = 1024;
  exec::output_sink& to_;
  std::string seen_;
  bool silent_ = true;
};

}  // namespace

script_phase::script_phase(running_job& job, stop_scope& prepare)
    : job_(job), prepare_scope_(prepare) {}

awaitable<failure> script_phase::run() {
  auto failed = co_await prepare();
  if (failed || interrupted_) co_return failed;

  stop_scope sources(job_.whole);
  auto const limit = part_timeout_of("get_sources_timeout", job_.input.runner->get_sources_timeout,
                                     job_.timeout);
  job_.warn_process_log(limit.warning);
  sources.end_after(limit.limit);
  auto const number = job_.settings.get_sources_attempts;
  std::optional<std::vector<std::string>> shown;
  if (profile_is_silent_ && !sources.ended()) shown = get_sources_without_shell(job_.scripts());
  if (shown) {
    co_await show_stage(job_, "get_sources", *shown);
  } else {
    failed = co_await attempts(number, "get_sources",
                               [this] { return get_sources_script(job_.scripts()); }, sources);
  }
  if (sources.late() && failed && !job_.whole.ended()) {
    co_return exceeded("get sources", limit.limit);
  }
  if (!failed) failed = co_await restore_and_download();
  if (!failed && !interrupted_) failed = co_await run_user_part();
  job_.at = running_job::progress::after_steps;
  if (interrupted_) co_return failed;

  bool const job_ok = !failed;
  auto const unsaved = co_await save(job_ok);
  if (!failed) failed = unsaved;
  if (!interrupted_) co_await clean_up();
  co_return failed;
}

awaitable<failure> script_phase::prepare() {
  profile_watch watch(job_.trace().output());
  auto const end = co_await run_stage(job_, "prepare_script", prepare_script(job_.scripts()), true,
                                      prepare_scope_, &watch);
  note(end);
  profile_is_silent_ = watch.silent();
  if (end.stopped && !interrupted_) {
    auto const configured = job_.input.runner->prepare_timeout;
    co_return exceeded("prepare", configured.value_or(job_.timeout));
  }
  if (!end.failure) {
    job_.may_have_files = true;
    co_return std::nullopt;
  }
  auto failed = *end.failure;
  failed.message = fmt::format("prepare environment: {}. {}", failed.message, profile_hint);
  co_return failed;
}

awaitable<failure> script_phase::restore_and_download() {
  if (interrupted_) co_return std::nullopt;
  job_.open_store();
  auto failed =
      co_await attempts(job_.settings.restore_cache_attempts, "restore_cache",
                        [this] { return restore_cache_script(job_.scripts()); }, job_.whole);
  if (failed || interrupted_) co_return failed;
  auto const download = [this]() -> attempt<std::string> {
    return download_artifacts_script(job_.scripts());
  };
  co_return co_await attempts(job_.settings.artifact_download_attempts, "download_artifacts",
                              download, job_.whole);
}

awaitable<failure> script_phase::run_user_part() {
  co_await print_policy();
  auto const timeouts = read_script_timeouts(job_.variables, job_.whole.time_left());
  co_await print_all(timeouts.warnings);
  auto failed = co_await run_steps(timeouts);
  job_.at = running_job::progress::after_steps;
  if (interrupted_) co_return failed;
  auto const after = co_await run_after_script(timeouts, !failed);
  co_return failed ? failed : after;
}

awaitable<failure> script_phase::run_steps(script_timeouts const& timeouts) {
  stop_scope steps(job_.whole);
  if (timeouts.script) steps.end_after(*timeouts.script);
  struct announced {
    running_job& job;
    ~announced() { job.steps = nullptr; }
  } const guard{job_};
  job_.steps = &steps;
  job_.ran_steps = true;
  job_.at = running_job::progress::in_steps;

  failure failed;
  bool stopped = false;
  for (auto const& step : job_.payload().steps) {
    if (step.name == "after_script") continue;
    auto const end = co_await stage("step_" + lower_case(step.name),
                                    step_script(job_.scripts(), step), steps, false);
    failed = end.failure;
    stopped = end.stopped;
    if (failed || stopped) break;
  }
  interrupted_ = interrupted_ || job_.whole.ended();
  if (interrupted_) co_return failed;
  if (steps.stopped()) {
    co_await job_.trace().warning("script canceled externally (UI, API)");
    set_status("canceled");
    co_return canceled();
  }
  if (stopped) {
    set_status("timedout");
    co_return build_failure("script timeout: context deadline exceeded",
                            failure_reason::job_execution_timeout);
  }
  set_status(failed ? "failed" : "success");
  co_return failed;
}

awaitable<failure> script_phase::run_after_script(script_timeouts const& timeouts, bool job_ok) {
  stop_scope scope(job_.whole);
  scope.end_after(timeouts.after_script);
  auto const end = co_await stage("after_script", after_script(job_.scripts()), scope, false);
  if (!end.failure) co_return std::nullopt;
  // The end of the job's time says it all; an abort does not.
  if (job_.whole.late() && !job_.whole.stopped()) co_return std::nullopt;
  if (!job_.settings.after_script_ignore_errors) co_return job_ok ? end.failure : std::nullopt;
  auto const text = fmt::format("after_script failed, but job will continue unaffected: {}",
                                end.failure->message);
  co_await job_.trace().warning(text);
  co_return std::nullopt;
}

awaitable<failure> script_phase::save(bool job_ok) {
  auto const archived =
      co_await stage(job_ok ? "archive_cache" : "archive_cache_on_failure",
                     archive_cache_script(job_.scripts(), job_ok), job_.whole);
  if (interrupted_) co_return archived.failure;
  auto const now = job_.services.time.wall_now();
  auto const uploaded =
      co_await stage(job_ok ? "upload_artifacts_on_success" : "upload_artifacts_on_failure",
                     upload_artifacts_script(job_.scripts(), job_ok, now), job_.whole);
  co_return archived.failure ? archived.failure : uploaded.failure;
}

awaitable<bool> script_phase::clean_up_without_shell() {
  if (!profile_is_silent_ || job_.whole.ended() || job_.services.pool == nullptr) co_return false;
  auto work = cleanup_without_shell(job_.scripts());
  if (!work || !co_await net::on_pool(*job_.services.pool, std::move(work))) co_return false;
  co_await show_stage(job_, "cleanup_file_variables", {});
  remove_temporary_files(job_.scripts());
  job_.may_have_files = false;
  co_return true;
}

awaitable<void> script_phase::clean_up() {
  if (co_await clean_up_without_shell()) co_return;
  auto const end =
      co_await stage("cleanup_file_variables", cleanup_script(job_.scripts()), job_.whole);
  if (end.ok()) remove_temporary_files(job_.scripts());
  job_.may_have_files = end.stopped;
  if (end.failure && !interrupted_) {
    job_.warn_process_log(fmt::format("cleanup stage failed: {}", end.failure->message));
  }
}

awaitable<stage_end> script_phase::stage(std::string name, attempt<std::string> script,
                                         stop_scope& scope, bool predefined) {
  stage_end end;
  if (!script && !scope.ended()) {
    end.failure = script.error();
    co_return end;
  }
  auto text = script ? std::move(*script) : std::string();
  end = co_await run_stage(job_, std::move(name), std::move(text), predefined, scope);
  note(end);
  co_return end;
}

void script_phase::note(stage_end const& end) {
  if (end.stopped && job_.whole.ended()) interrupted_ = true;
}

awaitable<failure> script_phase::attempts(int most, std::string name, make_script script,
                                          stop_scope& scope) {
  using namespace asio::experimental::awaitable_operators;
  bool const doubling = job_.flags["FF_USE_EXPONENTIAL_BACKOFF_STAGE_RETRY"];
  for (int number = 1;; ++number) {
    auto end = co_await one_attempt(number, name, script, scope);
    if (end.ok()) co_return std::nullopt;
    if (number >= most || scope.ended()) co_return end.failure;
    co_await job_.trace().warning("Retrying...");
    auto const due = job_.services.time.now() + stage_retry_delay(number, doubling);
    co_await (job_.services.time.sleep_until(due) || scope.wait());
    if (!scope.ended()) continue;
    end.stopped = true;
    note(end);
    co_return end.failure;
  }
}

awaitable<stage_end> script_phase::one_attempt(int number, std::string name,
                                               make_script const& script, stop_scope& scope) {
  constexpr int cleared_before = 2;
  if (name == "get_sources" && number == cleared_before) {
    auto const cleared =
        co_await stage("clear_worktree", clear_worktree_script(job_.scripts()), scope);
    if (!cleared.ok()) co_return cleared;
  }
  co_return co_await stage(std::move(name), script(), scope);
}

awaitable<void> script_phase::print_policy() {
  auto const& policy = job_.payload().policy_options;
  if (!policy.execution_policy_job) co_return;
  auto const name = fmt::format("Job triggered by policy \"{}\".", policy.policy_name);
  co_await job_.trace().info(name);
  auto const variables = policy_on_variables(policy);
  co_await job_.trace().info(variables);
}

awaitable<void> script_phase::print_all(std::vector<std::string> const& warnings) {
  for (auto const& text : warnings) co_await job_.trace().warning(text);
}

void script_phase::set_status(std::string status) {
  job_.status = std::move(status);
  job_.rebuild_variables();
}

}  // namespace corunner
