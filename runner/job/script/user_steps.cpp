#include "runner/job/script/stage_scripts.hpp"

#include <algorithm>

namespace corunner {
namespace {

void run_configured(exec::shell_writer& to, std::string const& script, std::string_view name) {
  if (!script.empty()) to.user_commands({script}, name);
}

}  // namespace

std::string step_script(script_context const& job, gitlab::job_step const& step) {
  auto lines = step.script;
  // The commands of `release` are written by the server and know the job's variables only.
  if (step.name == "release") {
    for (auto& line : lines) line = job.variables.expand(line, job.directories.temporary());
  }
  auto const writer = make_writer(job);
  auto& to = *writer;
  export_variables(to, job);
  to.change_directory(job.directories.project);
  run_configured(to, job.runner.pre_build_script, "pre_build_script");
  to.user_commands(lines, "script_step");
  run_configured(to, job.runner.post_build_script, "post_build_script");
  return finish(to, job);
}

std::string after_script(script_context const& job) {
  auto const& steps = job.payload.steps;
  auto const step = std::ranges::find(steps, "after_script", &gitlab::job_step::name);
  if (step == steps.end() || step->script.empty()) return {};
  auto const writer = make_writer(job);
  auto& to = *writer;
  export_variables(to, job);
  to.change_directory(job.directories.project);
  to.notice("Running after script...");
  to.user_commands(step->script, "after_script_step");
  return finish(to, job);
}

}  // namespace corunner
