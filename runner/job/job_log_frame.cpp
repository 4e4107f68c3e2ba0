#include "runner/job/job_log_frame.hpp"

#include "runner/gitlab/short_token.hpp"
#include "runner/trace/job_trace.hpp"

#include <fmt/format.h>

#include <chrono>

namespace corunner {
namespace {

// Before the last line, which scripts look for.
awaitable<void> print_time_line(running_job& job) {
  if (!job.input.runner->log_timeline) co_return;
  auto const told = job.payload().job_info.time_in_queue_seconds;
  constexpr double ten_years = 10 * 365 * 86400.0;  // nonsense above
  std::chrono::duration<double> const queued(told > 0 && told < ten_years ? told : 0);
  auto const lines =
      job.times.table(std::chrono::duration_cast<net::time_source::duration>(queued));
  for (auto const& line : lines) co_await job.trace().print(line);
}

}  // namespace

awaitable<void> print_header(running_job& job) {
  auto const& identity = job.input.identity;
  auto const& runner = *job.input.runner;
  auto const program = fmt::format("Running with {} {} ({})", identity.program, identity.version,
                                   identity.revision);
  co_await job.trace().print(program);
  auto const token = gitlab::short_token(runner.token.reveal());
  if (!token.empty()) {
    auto const who =
        fmt::format("  on {} {}, system ID: {}", runner.name, token, identity.system_id);
    co_await job.trace().print(who);
  }
  if (auto const flags = job.flags.non_default(); !flags.empty()) {
    auto const text = fmt::format("  feature flags: {}", flags);
    co_await job.trace().print(text);
  }
}

awaitable<void> print_footer(running_job& job, std::optional<job_failure> const& failed) {
  co_await job.trace().end_lines();
  co_await print_time_line(job);
  if (failed) {
    auto const text = failed->footer();
    co_await job.trace().error(text);
  } else {
    co_await job.trace().info("Job succeeded");
  }
}

}  // namespace corunner
