#include "runner/command/job_table.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;
using namespace std::chrono_literals;

namespace {

coordinator::job_view job(std::string name, std::string status) {
  coordinator::job_view one;
  one.name = std::move(name);
  one.stage = "test";
  one.status = std::move(status);
  one.started_at = coordinator::wall_time();
  one.finished_at = coordinator::wall_time() + 1500ms;
  return one;
}

}  // namespace

TEST_CASE("the final table tells jobs, durations and results, and sums them up", "[command]") {
  auto allowed = job("style", "failed");
  allowed.allow_failure = true;
  allowed.exit_code = 1;
  auto skipped = job("deploy", "skipped");
  skipped.started_at.reset();
  coordinator::pipeline_view pipeline;
  pipeline.status = "success";
  // Not a terminal here: no colours.
  REQUIRE(result_table({job("compile", "success"), allowed, skipped}, pipeline, 2s, terminal()) ==
          "job      stage  duration  result\n"
          "compile  test   1.50 s    passed\n"
          "style    test   1.50 s    failed (allowed): exit code 1\n"
          "deploy   test             skipped\n"
          "\n"
          "pipeline passed with warnings in 2.00 s\n");
}

TEST_CASE("a job that failed without an exit code shows why", "[command]") {
  auto one = job("slow", "failed");
  one.failure_reason = "job_execution_timeout";
  coordinator::pipeline_view pipeline;
  pipeline.status = "failed";
  auto const text = result_table({one}, pipeline, 61s, terminal());
  REQUIRE(text.find("failed: job_execution_timeout\n") != std::string::npos);
  REQUIRE(text.find("pipeline failed in 1 min 01 s\n") != std::string::npos);
}

TEST_CASE("a pipeline that waits for a person says how to go on", "[command]") {
  coordinator::pipeline_view pipeline;
  pipeline.status = "manual";
  auto const text = result_table({job("deploy", "manual")}, pipeline, 1s, terminal());
  REQUIRE(text.find("waits for manual jobs, name them to run them") != std::string::npos);
}
