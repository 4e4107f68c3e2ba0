#include "runner/job/prepare_environment.hpp"

#include "config/duration.hpp"
#include "net/event.hpp"
#include "net/task_group.hpp"
#include "runner/job/stage_runner.hpp"
#include "runner/trace/job_trace.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <fmt/format.h>

#include <utility>

namespace corunner {
namespace {

using namespace std::chrono_literals;
using failure = std::optional<job_failure>;

constexpr int most_tries = 3;
constexpr auto wait_between = 3s;

// The standard directories first: GIT_CLONE_PATH may refer to them.
failure find_directories(running_job& job) {
  directory_facts const facts{.runner = *job.input.runner,
                              .payload = job.payload(),
                              .traits = job.traits,
                              .strategy = job.settings.strategy,
                              .concurrent_project_id = job.input.concurrent_project_id,
                              .working_directory = job.input.working_directory};
  auto const standard = standard_directories(facts);
  if (!standard) return standard.error();
  job.use(*standard);
  auto const chosen = with_clone_path(*standard, facts, job.variables.value("GIT_CLONE_PATH"));
  if (!chosen) return chosen.error();
  job.use(*chosen);
  return std::nullopt;
}

job_failure failure_from(exec::prepare_failure const& why) {
  auto const reason = gitlab::parse_failure_reason(why.failure_reason);
  return {why.message, why.failure_reason.empty() ? std::nullopt : reason, 0};
}

exec::job_environment environment_of(running_job const& job, script_context const& scripts) {
  exec::job_environment out{.job_id = job.payload().id,
                            .shell = scripts.shell,
                            .script_as_file = scripts.flags["FF_DISABLE_POWERSHELL_STDIN"],
                            .login_shell = job.traits.login_shell,
                            .working_directory = job.input.working_directory,
                            .user = job.input.user,
                            .temporary_directory = scripts.directories.temporary()};
  if (job.input.runner->proxy_exec.value_or(false)) out.proxy = scripts.helper;
  if (job.services.creates) out.creates = job.services.creates;
  return out;
}

awaitable<void> prepare_into(exec::executor& environment, exec::job_environment const& what,
                             std::optional<exec::prepare_failure>& failed, net::event& ended) {
  struct at_end {
    net::event& event;
    ~at_end() { event.set(); }
  } const guard{ended};
  failed = co_await environment.prepare(what);
}

// The directory for this job alone, also when the job chose one that another works in. It has none
// when the scope ended first.
awaitable<void> take_directory(running_job& job, stop_scope& scope) {
  using namespace asio::experimental::awaitable_operators;
  job.place.reset();
  auto* const all = job.services.directories;
  if (!all || !job.traits.default_dirs_here) co_return;
  auto const path = job.scripts().directories.project;
  auto other = all->in_the_way_of(path);
  if (other.gone) {
    auto const text = fmt::format("Waiting for job {}, which works in {}...", other.job, path);
    co_await job.trace().print(text);
  }
  while (other.gone) {
    co_await (other.gone->wait() || scope.wait());
    if (scope.ended()) co_return;
    other = all->in_the_way_of(path);
  }
  job.place.emplace(all->take(path, job.payload().id));
}

// One try; stops with the scope.
awaitable<failure> try_once(running_job& job, stop_scope& scope) {
  using namespace asio::experimental::awaitable_operators;
  if (auto const wrong = find_directories(job)) co_return wrong;
  co_await take_directory(job, scope);
  if (scope.ended()) co_return std::nullopt;
  auto const scripts = job.scripts();
  auto const what = environment_of(job, scripts);
  // Not where the job could lead us anywhere by a link.
  if (scripts.files_are_ours) {
    what.creates({exec::leftover::kind::directory, scripts.directories.temporary()});
    if (job.settings.strategy != git_strategy::none) {
      what.creates({exec::leftover::kind::git_locks, scripts.directories.project});
    }
  }
  std::optional<exec::prepare_failure> failed;
  job.executor_stage = "prepare";
  net::event ended(job.executor);
  net::task_group children(job.executor);
  children.spawn(prepare_into(*job.environment, what, failed, ended));
  co_await (ended.wait() || scope.wait());
  if (!ended.is_set()) children.cancel();
  co_await children.join();
  if (failed) co_return failure_from(*failed);
  co_return std::nullopt;
}

}  // namespace

awaitable<failure> prepare_environment(running_job& job, stop_scope& scope) {
  using namespace asio::experimental::awaitable_operators;
  failure failed;
  for (int number = 1; number <= most_tries && !scope.ended(); ++number) {
    job.environment = job.services.make_executor(job.input.runner->executor);
    job.executor_stage = "created";
    failed = co_await try_once(job, scope);
    if (!failed && !scope.ended()) {
      auto const text = job.environment->description();
      co_await job.trace().print(text);
      co_return std::nullopt;
    }
    co_await job.environment->cleanup();
    job.environment.reset();
    if (!failed || !failed->plain() || scope.ended()) break;
    auto const text = fmt::format("Preparation failed: {}", failed->message);
    co_await job.trace().error(text);
    auto const next =
        fmt::format("Will be retried in {} ...", config::format_duration(wait_between));
    co_await job.trace().info(next);
    auto const due = job.services.time.now() + wait_between;
    co_await (job.services.time.sleep_until(due) || scope.wait());
  }
  co_return failed;
}

}  // namespace corunner
