#include "test/runner/job/job_bench.hpp"

#include <stdexcept>
#include <utility>

namespace corunner::test {

using namespace std::chrono_literals;

gitlab::job_payload plain_payload() {
  gitlab::job_payload job;
  job.id = 1001;
  job.token = secret("glcbt-64_job-token");
  job.allow_git_fetch = true;
  job.job_info.name = "job";
  job.job_info.stage = "test";
  job.job_info.project_id = 42;
  job.git_info.repo_url =
      "https://gitlab-ci-token:glcbt-64_job-token@gitlab.example.com/group/project.git";
  job.git_info.ref = "main";
  job.git_info.sha = "4f3c2b1a0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a";
  job.git_info.refspecs = {"+refs/pipelines/77:refs/pipelines/77"};
  job.git_info.depth = 20;
  job.runner_info.timeout = 600;
  job.variables = {
      {.key = "CI_JOB_ID", .value = "1001", .is_public = true},
      {.key = "CI_JOB_TOKEN", .value = "glcbt-64_job-token", .masked = true},
      {.key = "CI_PROJECT_PATH", .value = "group/project", .is_public = true},
      {.key = "CI_RUNNER_ID", .value = "1", .is_public = true},
      {.key = "CI_SERVER_HOST", .value = "gitlab.example.com", .is_public = true},
      {.key = "GIT_STRATEGY", .value = "none", .is_public = true},
  };
  job.features.trace_sections = true;
  job.features.failure_reasons = {"unknown_failure", "job_canceled", "runner_interrupted"};
  return job;
}

config::runner_entry plain_runner() {
  config::runner_entry runner;
  runner.name = "bench";
  runner.url = "https://gitlab.example.com";
  runner.token = secret("glrt-bench0token0");
  runner.executor = "shell";
  runner.shell = "bash";
  runner.builds_dir = "/work-dir/builds";
  runner.cache_dir = "/work-dir/cache";
  return runner;
}

std::string visible(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '\x1b') {
      out += "\\e";
    } else if (c == '\r') {
      out += "\\r";
    } else {
      out += c;
    }
  }
  return out;
}

job_bench::~job_bench() {
  // A failed check may leave a job behind: its task group must not.
  if (!job || outcome) return;
  job->abort();
  for (int step = 0; step < 1000 && !outcome; ++step) advance(1min);
}

void job_bench::add_step(std::string name, std::vector<std::string> lines) {
  gitlab::job_step step;
  step.name = std::move(name);
  step.script = std::move(lines);
  payload.steps.push_back(std::move(step));
}

void job_bench::variable(std::string key, std::string value) {
  payload.variables.push_back({.key = std::move(key), .value = std::move(value)});
}

job_input job_bench::input() const {
  job_input in;
  in.payload = std::make_shared<gitlab::job_payload const>(payload);
  in.runner = std::make_shared<config::runner_entry const>(runner);
  in.identity = {"corunner", "1.2.3", "abcdef12", "/usr/bin/corunner", "s_0123456789ab"};
  in.correlation_id = "correlation-1";
  in.working_directory = "/work-dir";
  return in;
}

void job_bench::create() {
  auto const how = input();
  auto options = trace_options_of(how);
  options.timestamps = false;
  trace = std::make_unique<job_trace>(io.get_executor(), time,
                                      std::make_unique<memory_spool>(stored), std::move(options));
  job_services services{
      .time = time,
      .trace = *trace,
      .make_executor = [this](std::string const& name) -> std::unique_ptr<exec::executor> {
        if (name == "nonsense") return nullptr;
        return std::make_unique<fake_executor>(time, world);
      },
      .log_warning = [this](std::string const& text) { logged.push_back(text); },
      .log_stage = [this](std::string_view what, std::string const& stage) {
        stages_logged.push_back(std::string(what) + ": " + stage);
      },
      .image_configured = [this](std::string_view what, gitlab::job_image const& image) {
        logged.push_back(std::string(what) + ": " + image.name);
      },
      .directories = &directories};
  job = std::make_unique<job_run>(io.get_executor(), how, std::move(services));
}

void job_bench::begin() {
  asio::co_spawn(io, job->run(), [this](std::exception_ptr failure, job_outcome ended) {
    if (failure) std::rethrow_exception(failure);
    outcome = std::move(ended);
  });
  settle(io);
}

void job_bench::start() {
  create();
  begin();
}

void job_bench::advance(net::time_source::duration by) {
  time.advance(by);
  settle(io);
}

job_outcome const& job_bench::finish() {
  settle(io);
  for (int step = 0; step < 1000 && !outcome; ++step) {
    auto const due = time.next_deadline();
    if (due == net::time_source::time_point::max()) break;
    advance(due - time.now());
  }
  if (!outcome) throw std::logic_error("the job waits for nothing");
  return *outcome;
}

job_outcome const& job_bench::run() {
  start();
  return finish();
}

}  // namespace corunner::test
