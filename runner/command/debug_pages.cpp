#include "runner/command/debug_pages.hpp"

#include "config/duration.hpp"
#include "runner/manager/job_task.hpp"

#include <fmt/format.h>

namespace corunner {

namespace {

using answer = debug_page::answer;

constexpr std::string_view no_profiler =
    "profiles of Go do not exist here\n"
    "/metrics              counters, memory, how late timers run\n"
    "/debug/jobs/list      jobs and what they are at\n"
    "/debug/process/state  what the process is at\n";

answer jobs_list(manager const& jobs, log_filters const& secrets) {
  std::string text;
  jobs.each_job([&](job_task const& job) {
    if (!job.was_added()) return;
    text += fmt::format("url={} state={} stage={} executor_stage={} duration={}\n", job.page(),
                        to_string(job.state()), job.stage(), job.executor_stage(),
                        config::format_duration(job.age()));
  });
  if (auto hidden = secrets.filtered(text)) text = std::move(*hidden);
  return {.text = std::move(text), .type = "text/plain", .more = {{"X-List-Version", "2"}}};
}

answer readiness(manager const& jobs) {
  if (jobs.state() == "starting") return {.status = 503, .text = "starting\n"};
  return {.text = "ready\n"};
}

}  // namespace

std::vector<debug_page> debug_pages(manager const& jobs, log_filters const& secrets) {
  return {{"/debug/jobs/list", [&] { return jobs_list(jobs, secrets); }},
          {"/debug/pprof/",
           [] { return answer{.status = 501, .text = std::string(no_profiler)}; }},
          {"/debug/process/state",
           [&jobs] { return answer{.text = std::string(jobs.state()) + '\n'}; }},
          {"/health/live", [] { return answer{.text = "alive\n"}; }},
          {"/health/ready", [&jobs] { return readiness(jobs); }}};
}

}  // namespace corunner
