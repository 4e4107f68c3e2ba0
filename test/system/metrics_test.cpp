// What `run` tells scrapers, people and clusters over HTTP.

#include "test/system/support/metrics_page.hpp"
#include "test/system/support/observed_run.hpp"

#include <boost/json/parse.hpp>
#include <csignal>

namespace corunner::test {

namespace {

namespace json = boost::json;

json::object with_inputs() {
  return json::parse(R"({"inputs":[{"key":"greeting","value":{"type":"string","content":"hello",
                                     "sensitive":false}}]})")
      .as_object();
}

constexpr auto every_feature = R"(
[runners.feature_flags]
FF_EXPORT_HIGH_CARDINALITY_METRICS = true
FF_ENABLE_JOB_INPUTS_INTERPOLATION = true
[[runners.monitoring.job_queuing_durations]]
periods = ["* * * * * * *"]
threshold = "1s"
)";

// Everything that a page can show has happened: a job passed, one failed, one could not begin.
void run_all_kinds(observed_run& at) {
  at.gitlab.poll_statuses = {503};
  auto const good = at.gitlab.give({"echo ${{ job.inputs.greeting }}"}, with_inputs());
  auto const bad = at.gitlab.give({"exit 4"});
  auto const wrong = at.gitlab.give({"echo ${{ job.inputs.nothing }}"}, with_inputs());
  at.wait_for_end(good, "success");
  at.wait_for_end(bad, "failed");
  at.wait_for_end(wrong, "failed");
  at.wait_until_idle();
}

}  // namespace

TEST_CASE("every metric of GitLab Runner's is there as it is there, or it is known why not",
          "[system][metrics]") {
  observed_run at(every_feature);
  run_all_kinds(at);
  auto const page = at.page();
  INFO(page.text());
  parity_list const wanted;
  for (auto const& row : wanted.rows()) {
    CAPTURE(row.name);
    bool const left_out = wanted.is_left_out(row.name);
    CHECK(page.has(row.name) != left_out);
    if (left_out || !page.has(row.name)) continue;
    CHECK(page.type_of(row.name) == row.type);
    CHECK(page.labels_of(row.name) == row.labels);
    CHECK(page.buckets_of(row.name) == row.buckets);
  }
  for (auto const& name : page.names()) {
    CAPTURE(name);
    CHECK(wanted.knows(name));
  }
}

TEST_CASE("jobs leave in the metrics what GitLab Runner's leave", "[system][metrics]") {
  observed_run at(every_feature);
  run_all_kinds(at);
  auto const page = at.page();
  INFO(page.text());
  CHECK(page.sum("gitlab_runner_jobs_total", {{"runner", "r1xxxxxxx"}}) == 3);
  CHECK(page.sum("gitlab_runner_job_duration_seconds_count", {{"mode", "traditional"}}) == 2);
  CHECK(page.sum("gitlab_runner_job_duration_seconds_count", {{"mode", "unknown"}}) == 1);
  CHECK(page.sum("gitlab_runner_job_execution_mode_total", {{"executor", "shell"}}) == 2);
  CHECK(page.sum("gitlab_runner_failed_jobs_total",
                 {{"failure_reason", "script_failure"}, {"mode", "traditional"}}) == 1);
  CHECK(page.sum("gitlab_runner_failed_jobs_total",
                 {{"failure_reason", "runner_configuration_error"}, {"mode", "unknown"}}) == 1);
  CHECK(page.sum("gitlab_runner_worker_processing_failures_total",
                 {{"failure_type", "job_failure"}}) == 2);
  CHECK(page.sum("gitlab_runner_job_queue_duration_seconds_sum", {{"project_jobs_running", "0"}}) ==
        4.5);
  CHECK(page.sum("gitlab_runner_job_queue_size", {}) == 3);
  CHECK(page.sum("gitlab_runner_acceptable_job_queuing_duration_exceeded_total", {}) == 3);
  CHECK(page.sum("gitlab_runner_job_stage_duration_seconds_count", {{"stage", "step_script"}}) ==
        2);
  CHECK(page.sum("gitlab_runner_job_stage_duration_seconds_count", {{"stage", "restore_cache"}}) ==
        2);
  CHECK(page.sum("gitlab_runner_job_stage_duration_seconds_count",
                 {{"stage", "archive_cache_on_failure"}}) == 1);
  CHECK(page.sum("gitlab_runner_job_inputs_interpolations_total", {}) == 1);
  CHECK(page.sum("gitlab_runner_job_inputs_interpolation_failures_total",
                 {{"error_type", "evaluation"}}) == 1);
  // Only the last status of a repeated request counts, but each attempt.
  CHECK(page.sum("gitlab_runner_api_request_statuses_total", {{"status", "503"}}) == std::nullopt);
  CHECK(page.sum("gitlab_runner_api_request_statuses_total", {{"status", "201"}}) == 3);
  CHECK(page.sum("gitlab_runner_api_request_statuses_total", {{"endpoint", "update_job"}}) ==
        page.sum("gitlab_runner_api_request_retries_total", {{"path", "/api/v4/jobs/{id}"}}));
  CHECK(
      page.sum("gitlab_runner_api_request_statuses_total", {{"endpoint", "request_job"}}).value() +
          1 ==
      page.sum("gitlab_runner_api_request_retries_total", {{"path", "/api/v4/jobs/request"}}));
  CHECK(page.sum("gitlab_runner_jobs", {}) == 0);
  CHECK(page.sum("gitlab_runner_worker_slots_number", {}) == 3);
}

TEST_CASE("a running job is listed with its page, and without its secrets", "[system][metrics]") {
  observed_run at;
  at.gitlab.give({"sleep \"$NAP\""},
                 json::parse(R"({"variables":[{"key":"GIT_STRATEGY","value":"none"},
                                 {"key":"NAP","value":")" + world::nap() + R"("}]})").as_object());
  std::string line;
  REQUIRE(at.w.loop.run_until([&] {
    line = at.get("/debug/jobs/list", "POST").body;
    return line.find("stage=step_script") != std::string::npos;
  }));
  INFO(line);
  CHECK(line.starts_with("url=" + at.gitlab.url() +
                         "/g/p/-/jobs/101 state=running stage=step_script executor_stage=prepare "
                         "duration="));
  CHECK(line.ends_with("s\n"));
  CHECK(line.find("job-token") == std::string::npos);
  auto const page = at.page();
  CHECK(page.sum("gitlab_runner_jobs", {{"state", "running"}, {"stage", "step_script"}}) == 1);
  CHECK(at.get("/health/live").body == "alive\n");
  CHECK(at.get("/health/ready").body == "ready\n");
  CHECK(at.get("/debug/process/state").body == "running\n");
  CHECK(at.get("/debug/pprof/heap").status == 501);
  at.service->signal(SIGQUIT);
  REQUIRE(at.w.loop.run_until(
      [&] { return at.get("/debug/process/state").body == "graceful-shutdown\n"; }));
  CHECK(at.get("/health/ready").status == 200);
  at.service->signal(SIGTERM);
  CHECK(at.service->wait() == 0);
}

TEST_CASE("an entry that has gone keeps its counters, not its settings", "[system][metrics]") {
  observed_run at;
  auto const job = at.gitlab.give({"true"});
  at.wait_for_end(job, "success");
  at.w.configure({.url = at.gitlab.url(), .token = "glrt-otherxxxxsecret",
                  .global = observed_run::settings});
  REQUIRE(at.w.loop.run_until([&] {
    return at.page().sum("gitlab_runner_limit", {{"runner", "otherxxxx"}}).has_value();
  }));
  auto const page = at.page();
  INFO(page.text());
  CHECK(page.sum("gitlab_runner_jobs_total", {{"runner", "r1xxxxxxx"}}) == 1);
  CHECK(page.sum("gitlab_runner_jobs_total", {{"runner", "otherxxxx"}}) == 0);
  CHECK_FALSE(page.sum("gitlab_runner_limit", {{"runner", "r1xxxxxxx"}}).has_value());
}

}  // namespace corunner::test
