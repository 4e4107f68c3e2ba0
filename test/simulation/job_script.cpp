#include "test/simulation/job_script.hpp"

#include <fmt/format.h>

namespace corunner::simulation {

namespace {

constexpr std::int64_t job_timeout = 600;

void add_lines(simulated_job& job, std::vector<std::string>& script, chance& random) {
  auto const count = random.between(0, 8);
  for (std::int64_t i = 0; i < count; ++i) {
    switch (random.between(0, 5)) {
      case 0:
        script.push_back(fmt::format("sleep {}s", random.between(1, 40)));
        break;
      case 1:
        script.push_back(
            fmt::format("print job {} line {} secret {} end", job.payload.id, i, job.secret));
        job.printed.push_back(fmt::format("job {} line {} secret [MASKED] end", job.payload.id, i));
        break;
      case 2: {
        auto const times = random.between(1, 60);
        script.push_back(fmt::format("repeat {} job {} row {}", times, job.payload.id, i));
        for (std::int64_t row = 0; row < times; ++row) {
          job.printed.push_back(fmt::format("job {} row {}", job.payload.id, i));
        }
        break;
      }
      case 3:
        script.push_back("error something on stderr");
        break;
      case 4:
        if (random.percent(20)) script.push_back("leak");
        break;
      default:
        script.push_back(fmt::format("print job {} line {}", job.payload.id, i));
        job.printed.push_back(fmt::format("job {} line {}", job.payload.id, i));
    }
  }
}

void add_end(simulated_job& job, std::vector<std::string>& script, chance& random) {
  auto const kind = random.between(0, 9);
  if (kind < 6) return;
  if (kind < 8) {
    job.meant = fate::failure;
    job.exit_code = static_cast<int>(random.between(1, 200));
    script.push_back(fmt::format("exit {}", job.exit_code));
    return;
  }
  if (random.percent(50)) script.push_back(fmt::format("stubborn {}s", random.between(1, 20)));
  script.push_back("hang");
  job.meant = kind == 8 ? fate::timeout : fate::waits_for_cancel;
}

gitlab::job_step step_of(std::string name, std::vector<std::string> script) {
  gitlab::job_step step;
  step.name = std::move(name);
  step.script = std::move(script);
  step.timeout = job_timeout;
  step.when = step.name == "after_script" ? "always" : "on_success";
  return step;
}

}  // namespace

simulated_job make_job(std::int64_t id, chance& random) {
  simulated_job job;
  job.payload.id = id;
  job.payload.token = secret(fmt::format("glcbt-64_simulated{}", id));
  job.secret = fmt::format("s3cr3t-{:x}", random.next());
  job.payload.job_info.name = fmt::format("job {}", id);
  job.payload.job_info.stage = "test";
  job.payload.job_info.project_id = random.between(1, 3);
  job.payload.git_info.repo_url = fmt::format(
      "http://gitlab-ci-token:x@gitlab0.test/group/project{}.git", job.payload.job_info.project_id);
  job.payload.git_info.sha = "0123456789abcdef0123456789abcdef01234567";
  job.payload.git_info.ref = "main";
  job.payload.runner_info.timeout = job_timeout;
  job.payload.variables = {{.key = "GIT_STRATEGY", .value = "none", .is_public = true},
                           {.key = "SECRET", .value = job.secret, .masked = true}};
  if (random.percent(30)) {
    job.payload.variables.push_back({.key = "FF_TIMESTAMPS", .value = "false", .is_public = true});
  }
  job.payload.features.trace_sections = true;
  job.payload.features.failure_reasons = {"script_failure", "runner_system_failure",
                                          "job_execution_timeout", "unknown_failure",
                                          "runner_interrupted"};
  std::vector<std::string> script;
  add_lines(job, script, random);
  add_end(job, script, random);
  if (script.empty()) script.push_back("true");
  job.payload.steps.push_back(step_of("script", std::move(script)));
  if (random.percent(30)) {
    job.payload.steps.push_back(step_of("after_script", {"print after"}));
  }
  return job;
}

}  // namespace corunner::simulation
