#include "runner/observe/run_figures.hpp"

#include "test/support/exposition.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;
using namespace corunner::test;

namespace {

struct counted {
  std::string page(std::string system_id = "s_1") {
    metrics all;
    figures.add_to(all, std::move(system_id));
    auto const text = all.text();
    CHECK(exposition_fault(text) == "");
    return text;
  }
  run_figures figures;
};

bool has(std::string const& page, std::string const& line) {
  return ("\n" + page).find("\n" + line + "\n") != std::string::npos;
}

constexpr auto shell = R"(runner="abc",runner_name="one",system_id="s_1")";

}  // namespace

TEST_CASE("a runner entry that had no job yet has its counters at zero", "[observe][metrics]") {
  counted at;
  at.figures.runner("abc", "one");
  auto const page = at.page();
  CHECK(has(page, std::string("gitlab_runner_jobs_total{") + shell + "} 0"));
  for (auto const* kind : {"job_failure", "no_free_executor", "other"}) {
    CHECK(has(page, std::string("gitlab_runner_worker_processing_failures_total{failure_type=\"") +
                        kind + "\"," + shell + "} 0"));
  }
  CHECK(page.find("gitlab_runner_job_queue_size") == std::string::npos);
  CHECK(page.find("gitlab_runner_job_duration_seconds") == std::string::npos);
}

TEST_CASE("a job leaves its queue, its duration and its end", "[observe][metrics]") {
  counted at;
  auto& one = at.figures.runner("abc", "one");
  one.job_added({.seconds = 4, .project_jobs = "5+", .size = 7, .depth = 2, .too_long = true});
  one.job_ended("traditional", 31);
  one.job_failed("traditional", "");
  one.job_failed("unknown", "runner_system_failure");
  at.figures.executed("traditional", "shell");
  auto const page = at.page();
  std::string const labels = shell;
  CHECK(has(page, "gitlab_runner_jobs_total{" + labels + "} 1"));
  CHECK(has(page, "gitlab_runner_job_queue_size{" + labels + "} 7"));
  CHECK(has(page, "gitlab_runner_job_queue_depth{" + labels + "} 2"));
  CHECK(
      has(page, "gitlab_runner_acceptable_job_queuing_duration_exceeded_total{" + labels + "} 1"));
  CHECK(has(page, "gitlab_runner_job_queue_duration_seconds_bucket{project_jobs_running=\"5+\"," +
                      labels + ",le=\"3\"} 0"));
  CHECK(has(page, "gitlab_runner_job_queue_duration_seconds_bucket{project_jobs_running=\"5+\"," +
                      labels + ",le=\"10\"} 1"));
  CHECK(
      has(page, "gitlab_runner_job_duration_seconds_sum{mode=\"traditional\"," + labels + "} 31"));
  CHECK(has(page, R"(gitlab_runner_failed_jobs_total{failure_reason="script_failure",)"
                  R"(mode="traditional",runner="abc",runner_name="one"} 1)"));
  CHECK(has(page, R"(gitlab_runner_failed_jobs_total{failure_reason="runner_system_failure",)"
                  R"(mode="unknown",runner="abc",runner_name="one"} 1)"));
  CHECK(has(page, R"(gitlab_runner_worker_processing_failures_total{failure_type="job_failure",)" +
                      labels + "} 2"));
  CHECK(has(page,
            R"(gitlab_runner_job_execution_mode_total{executor="shell",mode="traditional"} 1)"));
}

TEST_CASE("calls of one token to two servers are one series, their paths are two",
          "[observe][metrics]") {
  counted at;
  auto const one = at.figures.calls("abc", "/api/v4/");
  auto const other = at.figures.calls("abc", "/gitlab/api/v4/");
  one.ended(api_endpoint::request_job, 204, 0.2, 1);
  other.ended(api_endpoint::request_job, 204, 0.3, 3);
  one.ended(api_endpoint::update_job, -1, 61, 1);
  one.ended(api_endpoint::patch_trace, std::nullopt, 0, 1);
  auto const page = at.page("");
  std::string const polls = R"(endpoint="request_job",method="post",runner="abc",)";
  CHECK(has(page, "gitlab_runner_api_request_statuses_total{" + polls +
                      R"(status="204",system_id=""} 2)"));
  CHECK(has(page, "gitlab_runner_api_request_duration_seconds_bucket{" + polls +
                      R"(status_class="2xx",system_id="",le="0.25"} 1)"));
  CHECK(has(page, R"(gitlab_runner_api_request_statuses_total{endpoint="update_job",method="put",)"
                  R"(runner="abc",status="-1",system_id=""} 1)"));
  CHECK(page.find(R"(status_class="unknown")") != std::string::npos);
  CHECK(page.find("patch_trace") == std::string::npos);
  CHECK(has(page, R"(gitlab_runner_api_request_retries_total{method="post",)"
                  R"(path="/api/v4/jobs/request"} 1)"));
  CHECK(has(page, R"(gitlab_runner_api_request_retries_total{method="post",)"
                  R"(path="/gitlab/api/v4/jobs/request"} 3)"));
  CHECK(has(page, R"(gitlab_runner_api_request_retries_total{method="patch",)"
                  R"(path="/api/v4/jobs/{id}/trace"} 1)"));
}

TEST_CASE("slots are counted as they come and go", "[observe][metrics]") {
  counted at;
  for (unsigned const number : {3u, 5u, 1u}) at.figures.slots(number);
  auto const page = at.page();
  CHECK(has(page, "gitlab_runner_worker_slots_number 1"));
  CHECK(has(page, R"(gitlab_runner_worker_slot_operations_total{operation="started"} 5)"));
  CHECK(has(page, R"(gitlab_runner_worker_slot_operations_total{operation="stopped"} 4)"));
}

TEST_CASE("a process without a system id says so, but not to the API's figures",
          "[observe][metrics]") {
  counted at;
  at.figures.runner("abc", "one");
  CHECK(has(at.page(""), R"(gitlab_runner_jobs_total{runner="abc",runner_name="one",)"
                         R"(system_id="unknown"} 0)"));
}
