#include "runner/coordinator/storage/trace_files.hpp"
#include "test/runner/coordinator/world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

using namespace corunner;
using namespace std::chrono_literals;
using test::coordinator_world;

namespace {

constexpr auto one_job = "build:\n  script: make\n";

}  // namespace

TEST_CASE("a job tells who takes it, where, and how long the queue was", "[coordinator][jobs]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.make_runner(R"({"runner_type":"project_type","project_id":)" +
                    std::to_string(world.add_project()) + "}");
  auto const project_token =
      std::string(world.admin_call("POST", "/runners/2/reset_authentication_token")
                      .json()
                      .at("token")
                      .as_string());
  world.add_pipeline("one:\n  script: x\ntwo:\n  script: x\nthree:\n  script: x\n");
  auto const info_of = [](boost::json::value const& job) { return job.at("job_info").as_object(); };

  auto const first = world.take_job("glrt-one");
  CHECK(first.at("runner_info").at("uuid").as_string() == world.in->data.runners.find(1)->uuid);
  CHECK(first.at("runner_info").at("uuid").as_string().size() == 36);
  CHECK(first.at("runner_info").at("uuid").as_string()[14] == '7');  // the version
  CHECK(info_of(first).at("id") == first.at("id"));
  CHECK(info_of(first).at("queue_size") == 3);
  CHECK(info_of(first).at("queue_depth") == 1);
  CHECK(info_of(first).at("project_jobs_running_on_instance_runners_count") == "0");
  CHECK(first.at("inputs").as_array().empty());
  CHECK(first.at("credentials").as_array().empty());

  auto const second = world.take_job("glrt-one");
  CHECK(info_of(second).at("queue_size") == 2);
  CHECK(info_of(second).at("project_jobs_running_on_instance_runners_count") == "1");
  CHECK(info_of(second).at("instance_id").as_string().size() == 36);
  CHECK(info_of(second).at("instance_id") == info_of(first).at("instance_id"));
  CHECK(info_of(second).at("instance_uuid") == info_of(first).at("instance_uuid"));

  auto const third = world.take_job(project_token);
  CHECK(info_of(third).at("project_jobs_running_on_instance_runners_count") == "+Inf");
  CHECK(third.at("runner_info").at("uuid").as_string() == world.in->data.runners.find(2)->uuid);
}

TEST_CASE("without a job the runner learns the queue value", "[coordinator][jobs]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto const got = world.request_job("glrt-one");
  CHECK(got.status == 204);
  CHECK(got.body.empty());
  CHECK(got.field("X-GitLab-Last-Update").size() == 32);
  CHECK(world.in->data.runners.find(1)->creation_state == "finished");
}

TEST_CASE("a paused runner gets nothing, and no refusal", "[coordinator][jobs]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.admin_call("PUT", "/runners/1", R"({"paused":true})");
  world.add_pipeline(one_job);
  auto const got = world.request_job("glrt-one");
  CHECK(got.status == 204);
  CHECK(got.fields.contains("X-GitLab-Last-Update"));
}

TEST_CASE("a poll with the current value is held until its time is over", "[coordinator][jobs]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto const value = world.request_job("glrt-one").field("X-GitLab-Last-Update");
  auto const held = world.begin("POST", "/api/v4/jobs/request",
                                fmt::format(R"({{"token":"glrt-one","last_update":"{}"}})", value));
  test::settle(world.io);
  CHECK_FALSE(held->finished);
  world.time.advance(50s);
  test::settle(world.io);
  REQUIRE(held->finished);
  CHECK(held->status == 204);
  CHECK(held->answer.get("X-GitLab-Last-Update") == value);
}

TEST_CASE("a job that becomes pending ends a held poll with that job", "[coordinator][jobs]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto const value = world.request_job("glrt-one").field("X-GitLab-Last-Update");
  auto const held = world.begin("POST", "/api/v4/jobs/request",
                                fmt::format(R"({{"token":"glrt-one","last_update":"{}"}})", value));
  test::settle(world.io);
  world.add_pipeline(one_job);
  REQUIRE(held->finished);
  CHECK(held->status == 201);
}

TEST_CASE("the end of the server ends held polls", "[coordinator][jobs]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto const value = world.request_job("glrt-one").field("X-GitLab-Last-Update");
  auto const held = world.begin("POST", "/api/v4/jobs/request",
                                fmt::format(R"({{"token":"glrt-one","last_update":"{}"}})", value));
  test::settle(world.io);
  world.in->stopping.set();
  test::settle(world.io);
  CHECK(held->status == 204);
}

TEST_CASE("a poll is not held for a job that its runner may not take", "[coordinator][jobs]") {
  coordinator_world world;
  world.add_runner("glrt-one", {"linux"}, false);
  auto const value = world.request_job("glrt-one").field("X-GitLab-Last-Update");
  world.add_pipeline(one_job);
  CHECK(world.in->queue.value(1) == value);
  world.add_pipeline("build:\n  tags: [linux]\n  script: make\n");
  CHECK(world.in->queue.value(1) != value);
}

TEST_CASE("tags decide who gets a job", "[coordinator][jobs]") {
  struct row {
    std::vector<std::string> job;
    std::vector<std::string> runner;
    bool untagged;
    int status;
  };
  auto const [job, runner, untagged, status] = GENERATE(values<row>({
      {{"a"}, {"a", "b"}, true, 201},
      {{"a", "b"}, {"a"}, true, 204},
      {{"A"}, {"a"}, true, 204},
      {{}, {"a"}, false, 204},
      {{}, {"a"}, true, 201},
  }));
  CAPTURE(job, runner, untagged);
  coordinator_world world;
  world.add_runner("glrt-one", runner, untagged);
  world.add_pipeline(fmt::format("build:\n  script: make\n  tags: [{}]\n", fmt::join(job, ", ")));
  CHECK(world.request_job("glrt-one").status == status);
}

TEST_CASE("a runner for protected refs leaves other jobs alone", "[coordinator][jobs]") {
  coordinator::runner_profile runner;
  runner.only_protected = true;
  coordinator::pending_job job{1, 1, "group/project", {}, false};
  CHECK_FALSE(coordinator::may_take(runner, job));
  job.ref_protected = true;
  CHECK(coordinator::may_take(runner, job));
}

TEST_CASE("an assigned job is its runner's for two minutes, then everybody's again",
          "[coordinator][jobs]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.add_runner("glrt-two");
  world.add_pipeline(one_job);
  auto const job = world.take_job("glrt-one", false);
  CHECK(world.status_of(1) == "pending");
  CHECK(world.request_job("glrt-two").status == 204);

  world.time.advance(119s);
  CHECK(world.put_job(job, "pending").status == 200);
  world.time.advance(119s);
  world.in->board.expire(world.in->now());
  CHECK(world.request_job("glrt-two").status == 204);
  CHECK(world.put_job(job, "success").status == 400);

  world.time.advance(1s);
  world.in->board.expire(world.in->now());
  auto const again = world.take_job("glrt-two");
  CHECK(again.at("id") == job.at("id"));
  CHECK(world.put_job(job, "running").status == 403);
  CHECK(world.put_job(again, "success").status == 200);
}

TEST_CASE("a runner without two-phase commit has the job at once", "[coordinator][jobs]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.add_pipeline(one_job);
  auto const got = world.call("POST", "/jobs/request", R"({"token":"glrt-one"})");
  REQUIRE(got.status == 201);
  CHECK(world.status_of(1) == "running");
}

TEST_CASE("a job whose answer is lost goes back to the queue", "[coordinator][jobs]") {
  bool const two_phase = GENERATE(true, false);
  coordinator_world world;
  world.add_runner("glrt-one");
  world.add_pipeline(one_job);
  auto const exchange = world.begin(
      "POST", "/api/v4/jobs/request",
      fmt::format(R"({{"token":"glrt-one","info":{{"features":{{"two_phase_job_commit":{}}}}}}})",
                  two_phase));
  exchange->fails_to_answer = true;
  test::settle(world.io);
  CHECK(world.status_of(1) == "pending");
  CHECK(world.in->queue.pending().size() == 1);
  world.take_job("glrt-one");
}

TEST_CASE("a job fails when its runner lacks what it needs", "[coordinator][jobs]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto const id = world.add_pipeline(
      "build:\n  script: make\n  artifacts:\n    paths: [out]\n    exclude: [out/tmp]\n");
  auto const got =
      world.call("POST", "/jobs/request", R"({"token":"glrt-one","info":{"features":{}}})");
  CHECK(got.status == 204);
  CHECK(world.status_of(1) == "failed");
  CHECK(world.in->data.jobs.find(1)->failure_reason == "runner_unsupported");
  CHECK(world.pipeline_status(id) == "failed");
}

TEST_CASE("the payload names the job, its repository and its token", "[coordinator][jobs]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto const id = world.add_pipeline(one_job);
  auto const job = world.take_job("glrt-one");
  std::string const token(job.at("token").as_string());
  CHECK(token.starts_with("glcbt-64_"));
  CHECK(job.at("job_info").at("name") == "build");
  CHECK(job.at("job_info").at("pipeline_id").as_int64() == id);
  CHECK(job.at("git_info").at("repo_url").as_string() ==
        fmt::format("http://gitlab-ci-token:{}@coordinator.test/group/project.git", token));
  CHECK(job.at("git_info").at("refspecs").at(0).as_string() ==
        fmt::format("+refs/pipelines/{0}:refs/pipelines/{0}", id));
  CHECK_FALSE(job.at("features").at("failure_reasons").as_array().empty());
}

TEST_CASE("a trace grows only at its end", "[coordinator][trace]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.add_pipeline(one_job);
  auto const job = world.take_job("glrt-one");
  auto const first = world.patch_trace(job, "0-10", "hello world");
  CHECK(first.status == 202);
  CHECK(first.field("Range") == "0-11");
  CHECK(first.field("Job-Status") == "running");
  CHECK(first.field("X-GitLab-Trace-Update-Interval") == "60");
  CHECK(world.patch_trace(job, "11-20/20", "123456789").field("Range") == "0-20");
  auto const gap = world.patch_trace(job, "25-30", "abcdef");
  CHECK(gap.status == 416);
  CHECK(gap.field("Range") == "0-20");
  CHECK(gap.body == R"({"error":"416 Range Not Satisfiable"})");
  CHECK(world.patch_trace(job, "20-19", "").status == 202);
  CHECK(world.patch_trace(job, "", "x").body == R"({"error":"400 Missing header Content-Range"})");
  auto const shown = world.admin_call("GET", "/projects/1/jobs/1/trace");
  CHECK(shown.body == "hello world123456789");
}

TEST_CASE("the server says whether the trace is what the runner sent", "[coordinator][trace]") {
  struct row {
    char const* output;
    bool intact;
  };
  auto const [output, intact] = GENERATE(values<row>({
      {R"(,"output":{"checksum":"crc32:528def35","bytesize":13})", true},
      {R"(,"output":{"checksum":"crc32:528def35","bytesize":14})", false},
      {R"(,"output":{"checksum":"crc32:528def36","bytesize":13})", false},
  }));
  coordinator_world world;
  world.add_runner("glrt-one");
  world.add_pipeline(one_job);
  auto const job = world.take_job("glrt-one");
  world.patch_trace(job, "0-12", "My trace send");
  CHECK(world.put_job(job, "success", output).status == 200);
  auto const shown = world.admin_call("GET", "/projects/1/jobs/1").json();
  CHECK(shown.at("trace").at("intact") == intact);
  CHECK(shown.at("trace").at("checksum") == "crc32:528def35");
  CHECK(shown.at("trace").at("size") == 13);
}

TEST_CASE("the job's token is not stored in its trace, and sums do not move",
          "[coordinator][trace]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.add_pipeline(one_job);
  auto const job = world.take_job("glrt-one");
  std::string const token(job.at("token").as_string());
  auto const text = "a " + token + " b";
  world.patch_trace(job, "0-", text);
  auto const shown = world.admin_call("GET", "/projects/1/jobs/1/trace").body;
  CHECK(shown.find(token) == std::string::npos);
  CHECK(shown.size() == text.size());
  CHECK(world.in->data.jobs.find(1)->trace_crc32 == coordinator::crc32_after(0, text));
}

TEST_CASE("a trace over the limit fails its job", "[coordinator][trace]") {
  coordinator::server_options small;
  small.trace_limit = 10;
  coordinator_world world(small);
  world.add_runner("glrt-one");
  world.add_pipeline(one_job);
  auto const job = world.take_job("glrt-one");
  CHECK(world.patch_trace(job, "0-9", "0123456789").status == 202);
  auto const over = world.patch_trace(job, "10-10", "x");
  CHECK(over.status == 403);
  CHECK(over.field("Job-Status") == "failed");
  CHECK(world.in->data.jobs.find(1)->failure_reason == "trace_size_exceeded");
}

TEST_CASE("calls for a job that does not run are refused with its status", "[coordinator][jobs]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.add_pipeline(one_job);
  auto const job = world.take_job("glrt-one");
  CHECK(world.put_job(job, "bogus").status == 400);
  auto const done =
      world.put_job(job, "failed", R"(,"failure_reason":"script_failure","exit_code":40000)");
  CHECK(done.status == 200);
  CHECK(done.body == "200");
  CHECK(done.field("Job-Status") == "failed");
  CHECK(world.in->data.jobs.find(1)->exit_code == 32767);
  auto const late = world.put_job(job, "success");
  CHECK(late.status == 403);
  CHECK(late.field("Job-Status") == "failed");
  CHECK(world.patch_trace(job, "0-0", "x").field("Job-Status") == "failed");
  auto const stranger = world.call("PUT", "/jobs/1", R"({"token":"glcbt-x","state":"success"})");
  CHECK(stranger.status == 403);
  CHECK_FALSE(stranger.fields.contains("Job-Status"));
  CHECK(world.call("PUT", "/jobs/99", R"({"token":"glcbt-x","state":"success"})").status == 403);
}

TEST_CASE("a runner that cancels gracefully gets time for that, others none",
          "[coordinator][cancel]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto const id = world.add_pipeline(one_job);
  auto const job = world.take_job("glrt-one");
  CHECK(world.admin_call("POST", "/projects/1/jobs/1/cancel").json().at("status") == "canceling");
  auto const touch = world.put_job(job, "running");
  CHECK(touch.status == 200);
  CHECK(touch.field("Job-Status") == "canceling");
  CHECK(world.patch_trace(job, "0-0", "x").field("Job-Status") == "canceling");
  CHECK(world.put_job(job, "failed").field("Job-Status") == "canceled");
  CHECK(world.pipeline_status(id) == "canceled");

  world.add_pipeline(one_job);
  auto const got =
      world.call("POST", "/jobs/request", R"({"token":"glrt-one","info":{"features":{}}})");
  REQUIRE(got.status == 201);
  world.admin_call("POST", "/projects/1/jobs/2/cancel");
  auto const after = world.put_job(got.json(), "running");
  CHECK(after.status == 403);
  CHECK(after.field("Job-Status") == "canceled");
}

TEST_CASE("an unknown failure reason becomes unknown_failure", "[coordinator][jobs]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.add_pipeline(one_job);
  auto const job = world.take_job("glrt-one");
  world.put_job(job, "failed", R"(,"failure_reason":"image_pull_failure")");
  CHECK(world.in->data.jobs.find(1)->failure_reason == "unknown_failure");
}

TEST_CASE("a job may see itself by its token", "[coordinator][jobs]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.add_pipeline(one_job);
  auto const job = world.take_job("glrt-one");
  net::http_fields const fields{{"JOB-TOKEN", std::string(job.at("token").as_string())}};
  CHECK(world.call("GET", "/job", {}, fields).json().at("name") == "build");
  CHECK(world.call("GET", "/job").status == 401);
}
