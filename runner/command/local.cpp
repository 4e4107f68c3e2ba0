// `local`: runs this repository's pipeline here. An embedded GitLab and a manager in one process
// talk over loopback HTTP, so jobs take the very path that they take with a real server.

#include "runner/command/commands.hpp"
#include "runner/command/job_host.hpp"
#include "runner/command/job_selection.hpp"
#include "runner/command/job_table.hpp"
#include "runner/command/local_cache.hpp"
#include "runner/command/local_plan.hpp"
#include "runner/command/local_view.hpp"
#include "runner/command/stop_watch.hpp"
#include "runner/command/temporary_directory.hpp"
#include "runner/command/terminal.hpp"
#include "runner/coordinator/server.hpp"

#include <csignal>
#include <cstdlib>
#include <thread>

namespace corunner {

namespace {

// Exit codes (local-pipelines.md 10.5).
constexpr int pipeline_failed = 1;
constexpr int configuration_wrong = 2;
constexpr int interrupted = 130;

class local_command final : public command {
 public:
  explicit local_command(services& all) : all_(all) {
    concurrent_ = std::max(1u, std::thread::hardware_concurrency());
  }

  std::vector<flag> flags() override {
    return {
        {"l, list", &list_, "list the jobs instead of running them", ""},
        {"C, repo", &repository_, "the repository, or a directory in it", ""},
        {"f, file", &file_, "the configuration in it", ""},
        {"variable", &variables_, "KEY=VALUE, a variable of the pipeline; may be repeated", ""},
        {"committed", &committed_, "HEAD as it is, without uncommitted and untracked files", ""},
        {"ref", &ref_, "this branch, tag or commit instead of HEAD", ""},
        {"j, concurrent", &concurrent_, "jobs at once", ""},
        {"artifacts-to", &artifacts_, "directory that receives the archives of artifacts", ""},
    };
  }

  awaitable<int> run(std::vector<std::string> names) override {
    if (concurrent_ < 1) co_return complain("--concurrent must be 1 or more\n");
    temporary_directory state("corunner-local-");
    if (state.path().empty()) co_return complain(state.failure() + "\n");
    job_host host(all_, job_host::impatient());
    auto made = co_await make_local_plan(host.git(), source_in(state.path()));
    complain(made.warnings);
    if (!made.failure.empty()) co_return complain(made.failure);
    if (!made.note.empty()) co_return complain(made.note + "\n", 0);
    if (!names.empty()) {
      if (auto const wrong = select_jobs(made.plan, names)) co_return complain(*wrong + "\n");
    }
    if (list_) {
      screen_.write(plan_table(made.plan, screen_));
      co_return 0;
    }
    co_return co_await run_pipeline(host, std::move(made), names, state.path());
  }

 private:
  local_source source_in(std::filesystem::path const& state) const {
    local_source from;
    from.repository = repository_;
    from.file = file_;
    from.committed_only = committed_;
    from.ref = ref_;
    from.variables = variables_;
    from.git_dir = state / "repository.git";
    return from;
  }

  int complain(std::string_view text, int code = configuration_wrong) const {
    write_standard_error(text);
    return code;
  }

  // One job that was named is shown as its plain log.
  static std::string only_job(pipeline::plan const& plan, std::vector<std::string> const& names) {
    if (names.size() != 1) return {};
    for (auto const& job : plan.jobs) {
      if (job.name == names.front()) return job.name;
    }
    return {};
  }

  awaitable<int> run_pipeline(job_host& host, local_plan made,
                              std::vector<std::string> const& names,
                              std::filesystem::path const& state) {
    auto const began = all_.time.now();
    coordinator::server_options options;
    options.state_dir = state / "gitlab";
    options.in_memory = true;
    options.trace_interval = std::chrono::seconds(1);
    coordinator::server server(all_.io.get_executor(), all_.time, all_.pool,
                               host.launcher(), std::move(options));
    if (auto const failure = server.open()) co_return complain(*failure + "\n");

    local_view::options how;
    for (auto const& job : made.plan.jobs) how.names.push_back(job.name);
    how.only = only_job(made.plan, names);
    local_view view(all_.io.get_executor(), screen_, std::move(how));
    server.watch(view);

    net::task_group services(all_.io.get_executor());
    services.spawn(server.run());
    auto const project = server.add_project({.path = made.from->project_path,
                                             .repository = repository_,
                                             .default_branch = made.from->default_branch});
    made.plan.source.server.url = server.url();
    auto const pipeline = co_await server.start_pipeline(project, made.plan, *made.from);
    int code = configuration_wrong;
    if (pipeline.failure.empty()) {
      code = co_await run_jobs(host, server, view, state);
      if (!artifacts_.empty()) copy_artifacts(server, pipeline.id);
      auto const took =
          std::chrono::duration_cast<std::chrono::milliseconds>(all_.time.now() - began);
      auto const end = server.find_pipeline(pipeline.id);
      screen_.write("\n" + result_table(server.jobs(pipeline.id), *end, took, screen_));
      if (code == 0 && !end->blocked() && end->status != "success" && end->status != "skipped") {
        code = end->status == "canceled" ? interrupted : pipeline_failed;
      }
    } else {
      complain("cannot start the pipeline: " + pipeline.failure + "\n");
    }
    server.unwatch(view);
    server.stop();
    co_await services.join();
    co_return code;
  }

  config::configuration runner_configuration(coordinator::runner_credentials const& who,
                                             std::string const& url,
                                             std::filesystem::path const& state) const {
    config::configuration values;
    values.concurrent = concurrent_;
    values.check_interval = 1;
    values.shutdown_timeout = 60;  // more than the end of a script may take
    config::runner_entry runner;
    runner.name = "local";
    runner.url = url;
    runner.id = who.id;
    runner.token = secret(who.token);
    runner.executor = "shell";
    runner.shell = "bash";
    runner.builds_dir = (state / "builds").string();
    // The pipelines of tomorrow shall find what those of today saved.
    runner.cache_dir = local_cache_directory(all_.variables, repository_, state / "cache").string();
    runner.request_concurrency = 1;
    runner.log_timeline = true;
    values.runners.push_back(std::move(runner));
    return values;
  }

  // Runs the manager until the pipeline has ended; 0, or interrupted.
  awaitable<int> run_jobs(job_host& host, coordinator::server& server, local_view& view,
                          std::filesystem::path const& state) {
    auto const who = server.add_runner({.description = "local"});
    manager_options options;
    options.identity = job_host::identity("r_local000000");
    options.working_directory = std::filesystem::current_path();
    if (!all_.level_given) all_.log_output.set_level(log_level::error);
    // The coordinator ends with us: nobody could be told of a job's end later.
    journal nothing_lasting(make_scratch_storage());
    manager jobs(all_.io.get_executor(), host.make_services(all_.log, nothing_lasting),
                 std::move(options), runner_configuration(who, server.url(), state));
    int signalled = 0;
    net::task_group watchers(all_.io.get_executor());
    watchers.spawn(watch_stop_signals(
        all_, jobs, {.first = [&signalled](int signal) { signalled = signal; }, .reload = {}}));
    watchers.spawn(stop_at_end(view, jobs));
    // A job that survives even that: nothing can be waited for any more.
    if (co_await jobs.run() == manager_end::timed_out) std::_Exit(interrupted);
    watchers.cancel();
    co_await watchers.join();
    co_return signalled ? interrupted : 0;
  }

  static awaitable<void> stop_at_end(local_view& view, manager& jobs) {
    if (co_await view.ended().wait()) co_return;
    jobs.stop_gracefully();
  }

  void copy_artifacts(coordinator::server const& server, std::int64_t pipeline) const {
    std::error_code ec;
    std::filesystem::create_directories(artifacts_, ec);
    for (auto const& job : server.jobs(pipeline)) {
      auto const from = server.artifact(job.id, "archive");
      if (from.empty()) continue;
      auto name = job.name;
      std::replace(name.begin(), name.end(), '/', '_');
      auto const to = std::filesystem::path(artifacts_) / (name + ".zip");
      std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing, ec);
      if (ec) complain("cannot write '" + to.string() + "': " + ec.message() + "\n");
    }
  }

  services& all_;
  terminal screen_;
  bool list_ = false;
  std::string repository_ = ".";
  std::string file_ = ".gitlab-ci.yml";
  std::vector<std::string> variables_;
  bool committed_ = false;
  std::string ref_;
  std::int64_t concurrent_ = 1;
  std::string artifacts_;
};

}  // namespace

std::unique_ptr<command> make_local(services& all) { return std::make_unique<local_command>(all); }

}  // namespace corunner
