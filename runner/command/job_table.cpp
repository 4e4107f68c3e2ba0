#include "runner/command/job_table.hpp"

#include "runner/command/text_table.hpp"

#include <fmt/format.h>

namespace corunner {

namespace {

std::string needs_of(pipeline::job_definition const& job) {
  if (!job.needs) return "";
  std::vector<std::string> names;
  for (auto const& need : *job.needs) names.push_back(need.job);
  return names.empty() ? "(starts at once)" : fmt::format("{}", fmt::join(names, ", "));
}

std::string length(std::chrono::duration<double> time) {
  if (time.count() < 60) return fmt::format("{:.2f} s", time.count());
  auto const seconds = static_cast<long>(time.count());
  return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
}

std::string duration_of(coordinator::job_view const& job) {
  if (!job.started_at || !job.finished_at) return "";
  return length(*job.finished_at - *job.started_at);
}

std::string result_of(coordinator::job_view const& job) {
  if (job.status == "success") return "passed";
  if (job.status != "failed") return job.status;
  std::string text = job.allow_failure ? "failed (allowed)" : "failed";
  if (job.exit_code && *job.exit_code != 0) {
    text += fmt::format(": exit code {}", *job.exit_code);
  } else if (!job.failure_reason.empty()) {
    text += ": " + job.failure_reason;
  }
  if (job.retried) text += ", ran again";
  return text;
}

std::string result_style(std::size_t column, std::string const& cell) {
  if (column != 3) return "";
  if (cell == "passed") return "32";
  if (cell.starts_with("failed (allowed)")) return "33";
  return cell.starts_with("failed") || cell == "canceled" ? "31" : "2";
}

}  // namespace

std::string plan_table(pipeline::plan const& plan, terminal const& screen) {
  std::vector<table_row> rows{{"job", "stage", "when", "needs"}};
  for (auto const& job : plan.jobs) {
    auto when = std::string(to_string(job.when));
    if (job.allow_failure) when += ", may fail";
    rows.push_back({job.name, job.stage, when, needs_of(job)});
  }
  return columns(rows, screen, no_style);
}

std::string result_table(std::vector<coordinator::job_view> const& jobs,
                         coordinator::pipeline_view const& pipeline,
                         std::chrono::milliseconds took, terminal const& screen) {
  std::vector<table_row> rows{{"job", "stage", "duration", "result"}};
  bool warnings = false;
  for (auto const& job : jobs) {
    rows.push_back({job.name, job.stage, duration_of(job), result_of(job)});
    warnings = warnings || (job.status == "failed" && job.allow_failure && !job.retried);
  }
  auto text = columns(rows, screen, result_style);
  std::string what = pipeline.status == "success" ? "passed" : pipeline.status;
  std::string_view style = pipeline.status == "success" ? (warnings ? "33;1" : "32;1") : "31;1";
  if (pipeline.status == "success" && warnings) what += " with warnings";
  if (pipeline.blocked()) {
    what = "waits for manual jobs, name them to run them: corunner local JOB";
    style = "33;1";
  }
  text += "\n" + screen.styled(style, "pipeline " + what) + " in " + length(took) + "\n";
  return text;
}

}  // namespace corunner
