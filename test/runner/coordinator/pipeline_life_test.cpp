#include "test/runner/coordinator/world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

using namespace corunner;
using namespace std::chrono_literals;
using test::coordinator_world;

namespace {

// Takes the next job and ends it; its name.
std::string run_next(coordinator_world& world, std::string const& state = "success",
                     std::string const& more = {}) {
  auto const job = world.take_job("glrt-one");
  REQUIRE(world.put_job(job, state, more).status == 200);
  return std::string(job.at("job_info").at("name").as_string());
}

}  // namespace

TEST_CASE("stages run one after the other, and the pipeline ends with the last",
          "[coordinator][pipeline]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto const id =
      world.add_pipeline("a:\n  stage: build\n  script: x\nb:\n  stage: test\n  script: x\n");
  CHECK(world.pipeline_status(id) == "pending");
  CHECK(run_next(world) == "a");
  CHECK(world.pipeline_status(id) == "running");
  CHECK(run_next(world) == "b");
  CHECK(world.pipeline_status(id) == "success");
  CHECK(world.in->data.jobs.find_pipeline(id)->finished_at.has_value());
  CHECK(world.request_job("glrt-one").status == 204);
}

TEST_CASE("a failure skips later stages, except what waits for it", "[coordinator][pipeline]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto const id = world.add_pipeline(
      "a:\n  stage: build\n  script: x\nb:\n  stage: test\n  script: x\n"
      "c:\n  stage: test\n  script: x\n  when: on_failure\n");
  CHECK(run_next(world, "failed", R"(,"failure_reason":"script_failure","exit_code":1)") == "a");
  CHECK(world.status_of(world.job_named(id, "b")) == "skipped");
  CHECK(run_next(world) == "c");
  CHECK(world.pipeline_status(id) == "failed");
}

TEST_CASE("exit codes decide whether a failure is allowed", "[coordinator][pipeline]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto const id = world.add_pipeline("a:\n  script: x\n  allow_failure:\n    exit_codes: [1]\n");
  run_next(world, "failed", R"(,"failure_reason":"script_failure","exit_code":1)");
  CHECK(world.in->data.jobs.find(1)->allow_failure);
  CHECK(world.pipeline_status(id) == "success");
  auto const second =
      world.add_pipeline("a:\n  script: x\n  allow_failure:\n    exit_codes: [1]\n");
  run_next(world, "failed", R"(,"failure_reason":"script_failure","exit_code":2)");
  CHECK(world.pipeline_status(second) == "failed");
}

TEST_CASE("a failed job is retried as a new job as often as it says", "[coordinator][pipeline]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto const id = world.add_pipeline("a:\n  script: x\n  retry: 1\n");
  run_next(world, "failed", R"(,"failure_reason":"script_failure")");
  CHECK(world.in->data.jobs.find(1)->retried);
  CHECK(world.status_of(2) == "pending");
  run_next(world, "failed", R"(,"failure_reason":"script_failure")");
  CHECK(world.pipeline_status(id) == "failed");
  CHECK(world.in->data.jobs.of_pipeline(id).size() == 2);
}

TEST_CASE("a manual job runs when it is played, with the variables of that",
          "[coordinator][pipeline]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto const id = world.add_pipeline("a:\n  script: x\n  rules:\n    - when: manual\n");
  CHECK(world.pipeline_status(id) == "manual");
  CHECK(world.request_job("glrt-one").status == 204);
  CHECK(world
            .admin_call("POST", "/projects/1/jobs/1/play",
                        R"({"job_variables_attributes":[{"key":1}]})")
            .status == 400);
  auto const played =
      world.admin_call("POST", "/projects/1/jobs/1/play",
                       R"({"job_variables_attributes":[{"key":"WHO","value":"me"}]})");
  CHECK(played.status == 200);
  auto const job = world.take_job("glrt-one");
  bool found = false;
  for (auto const& variable : job.at("variables").as_array()) {
    found = found || (variable.at("key") == "WHO" && variable.at("value") == "me");
  }
  CHECK(found);
  CHECK(world.admin_call("POST", "/projects/1/jobs/1/play").status == 400);
}

TEST_CASE("a delayed job runs when its time has come", "[coordinator][pipeline]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.add_pipeline("a:\n  script: x\n  when: delayed\n  start_in: 5 minutes\n");
  CHECK(world.status_of(1) == "scheduled");
  auto const next = world.in->board.expire(world.in->now());
  REQUIRE(next);
  CHECK(*next - world.in->now() == 300'000);
  world.time.advance(5min);
  CHECK_FALSE(world.in->board.expire(world.in->now()));
  CHECK(world.status_of(1) == "pending");
}

TEST_CASE("jobs of one resource group run one at a time", "[coordinator][pipeline]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto const id = world.add_pipeline(
      "a:\n  script: x\n  resource_group: r\nb:\n  script: x\n  resource_group: r\n");
  CHECK(world.status_of(world.job_named(id, "b")) == "waiting_for_resource");
  CHECK(run_next(world) == "a");
  CHECK(run_next(world) == "b");
  CHECK(world.pipeline_status(id) == "success");
}

TEST_CASE("retrying a failed job re-opens what was skipped behind it", "[coordinator][pipeline]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto const id = world.add_pipeline(
      "a:\n  stage: build\n  script: x\nb:\n  stage: test\n  script: x\n"
      "c:\n  stage: test\n  needs: [a]\n  script: x\n");
  run_next(world, "failed");
  CHECK(world.pipeline_status(id) == "failed");
  auto const retried = world.admin_call("POST", "/projects/1/jobs/1/retry");
  CHECK(retried.status == 201);
  CHECK(retried.json().at("status") == "pending");
  CHECK(world.pipeline_status(id) == "pending");
  run_next(world);
  run_next(world);
  run_next(world);
  CHECK(world.pipeline_status(id) == "success");
  CHECK(world.admin_call("POST", "/projects/1/jobs/1/retry").status == 403);
}

TEST_CASE("cancelling a pipeline ends every job that has not ended", "[coordinator][pipeline]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto const id =
      world.add_pipeline("a:\n  stage: build\n  script: x\nb:\n  stage: test\n  script: x\n");
  auto const job = world.take_job("glrt-one");
  CHECK(world.admin_call("POST", fmt::format("/projects/1/pipelines/{}/cancel", id)).status == 201);
  CHECK(world.status_of(1) == "canceling");
  CHECK(world.status_of(2) == "canceled");
  world.put_job(job, "failed");
  CHECK(world.pipeline_status(id) == "canceled");
}

TEST_CASE("pipelines and their jobs can be listed", "[coordinator][pipeline]") {
  coordinator_world world;
  auto const id = world.add_pipeline("a:\n  script: x\nb:\n  script: x\n");
  auto const list =
      world.admin_call("GET", "/projects/group%2Fproject/pipelines").json().as_array();
  REQUIRE(list.size() == 1);
  CHECK(list[0].at("iid") == 1);
  auto const jobs =
      world.admin_call("GET", fmt::format("/projects/1/pipelines/{}/jobs", id)).json().as_array();
  REQUIRE(jobs.size() == 2);
  CHECK(jobs[0].at("commit").at("author_name") == "A");
  CHECK(world.admin_call("GET", "/projects/1/pipelines/99").status == 404);
}

TEST_CASE("onlookers are told of every change after it was stored", "[coordinator][observer]") {
  struct recorder final : coordinator::observer {
    std::vector<std::string> seen;
    void job_changed(coordinator::job_view const& job) override {
      seen.push_back(job.name + " " + job.status);
    }
    void trace_appended(std::int64_t, std::uint64_t offset, std::string_view bytes) override {
      seen.push_back(fmt::format("trace {} {}", offset, bytes));
    }
    void pipeline_changed(coordinator::pipeline_view const& pipeline) override {
      seen.push_back("pipeline " + pipeline.status);
    }
  };
  coordinator_world world;
  recorder who;
  world.in->watchers.push_back(&who);
  world.add_runner("glrt-one");
  world.add_pipeline("a:\n  script: x\n");
  auto const job = world.take_job("glrt-one");
  CHECK(world.patch_trace(job, "0-2", "abc").field("X-GitLab-Trace-Update-Interval") == "3");
  world.put_job(job, "success");
  CHECK(who.seen == std::vector<std::string>{"a created", "pipeline created", "a pending",
                                             "pipeline pending", "a pending", "a running",
                                             "pipeline running", "trace 0 abc", "a success",
                                             "pipeline success"});
}

TEST_CASE("a restart brings pending jobs back, also those nobody had accepted",
          "[coordinator][storage]") {
  test::temporary_directory directory;
  auto const file = directory.path() / "c.db";
  {
    coordinator::store data(file);
    coordinator::project_record project;
    project.path = "g/p";
    data.projects.save(project);
    coordinator::pipeline_record pipeline;
    pipeline.project_id = project.id;
    data.jobs.add(pipeline);
    pipeline::plan plan;
    plan.stages = {"test"};
    pipeline::job_definition definition;
    definition.name = "a";
    definition.stage = "test";
    plan.jobs = {definition};
    data.jobs.set_plan(pipeline.id, boost::json::serialize(pipeline::to_json(plan)));
    coordinator::job_record job;
    job.pipeline_id = pipeline.id;
    job.project_id = project.id;
    job.name = "a";
    job.stage = "test";
    data.jobs.add(job);
    job.status = "pending";
    job.runner_id = 7;
    job.token_hash = "hash";
    job.acknowledge_by = 1;
    data.jobs.update(job);
  }
  asio::io_context io;
  test::manual_time time(io.get_executor());
  coordinator::store data(file);
  coordinator::job_queue queue(io.get_executor());
  coordinator::job_board board(data, queue, time);
  board.restore();
  CHECK(queue.pending().size() == 1);
  CHECK_FALSE(data.jobs.find(1)->runner_id);
  CHECK_FALSE(data.jobs.find(1)->token_hash);
}
