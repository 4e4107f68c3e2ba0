// What must hold, example by example (runners-api.md 8).
#include "test/runner/coordinator/world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

using namespace corunner;
using test::coordinator_world;

namespace {

constexpr auto one_job = "a:\n  script: x\n";

// A runner "glrt-1" with a running job.
struct running_world : coordinator_world {
  explicit running_world(std::string const& yaml = one_job) {
    add_runner("glrt-1");
    add_pipeline(yaml);
    job = take_job("glrt-1");
  }
  boost::json::value job;
};

// Whether a runner gets the job of a pipeline.
bool is_assigned(std::string const& runner, std::string const& job_tags, bool ref_protected) {
  coordinator_world world;
  auto const made = world.admin_call("POST", "/user/runners",
                                     R"({"runner_type":"instance_type",)" + runner + "}");
  INFO(made.body);
  REQUIRE(made.status == 201);
  world.add_pipeline(fmt::format("a:\n  script: x\n  tags: [{}]\n", job_tags), 1, ref_protected);
  auto const got = world.request_job(std::string(made.json().at("token").as_string()));
  REQUIRE((got.status == 201 || got.status == 204));
  return got.status == 201;
}

}  // namespace

TEST_CASE("conformance: a request for a job without or with a bad token",
          "[coordinator][conformance]") {
  coordinator_world world;
  auto const without = world.call("POST", "/jobs/request", "{}");
  CHECK(without.status == 400);
  CHECK(without.body == R"({"error":"token is missing"})");
  auto const bad = world.call("POST", "/jobs/request", R"({"token":"glrt-bad"})");
  CHECK(bad.status == 403);
  CHECK(bad.body == R"({"message":"403 Forbidden"})");
}

TEST_CASE("conformance: a paused runner polls", "[coordinator][conformance]") {
  coordinator_world world;
  world.add_runner("glrt-1");
  world.add_pipeline(one_job);
  world.admin_call("PUT", "/runners/1", R"({"paused":true})");
  auto const got = world.request_job("glrt-1");
  CHECK(got.status == 204);
  CHECK(got.field("X-GitLab-Last-Update").size() == 32);
}

TEST_CASE("conformance: a poll with the current last_update", "[coordinator][conformance]") {
  coordinator::server_options how;
  how.long_poll = std::chrono::milliseconds(0);
  coordinator_world world(how);
  world.add_runner("glrt-1");
  auto const value = world.request_job("glrt-1").field("X-GitLab-Last-Update");
  auto const again = world.request_job("glrt-1", fmt::format(R"(,"last_update":"{}")", value));
  CHECK(again.status == 204);
  CHECK(again.field("X-GitLab-Last-Update") == value);
}

TEST_CASE("conformance: who is assigned a job", "[coordinator][conformance]") {
  struct row {
    char const* runner;
    char const* job_tags;
    bool ref_protected;
    bool assigned;
  };
  auto const at = GENERATE(values<row>({
      {R"("tag_list":"a,b")", "a", true, true},
      {R"("tag_list":"a")", "a, b", true, false},
      {R"("tag_list":"a","run_untagged":false)", "", true, false},
      {R"("access_level":"ref_protected")", "", false, false},
      {R"("access_level":"ref_protected")", "", true, true},
      {R"("access_level":"not_protected")", "", false, true},
      {R"("locked":true)", "", true, true},
      {R"("maximum_timeout":600)", "", true, true},
  }));
  CAPTURE(at.runner, at.job_tags, at.ref_protected);
  CHECK(is_assigned(at.runner, at.job_tags, at.ref_protected) == at.assigned);
}

TEST_CASE("conformance: a runner's maximum_timeout caps the job's", "[coordinator][conformance]") {
  coordinator_world world;
  world.add_runner("glrt-1");
  world.admin_call("PUT", "/runners/1", R"({"maximum_timeout":700})");
  auto const at =
      GENERATE(values<std::pair<char const*, int>>({{"10 minutes", 600}, {"2 hours", 700}}));
  world.add_pipeline(fmt::format("a:\n  script: x\n  timeout: {}\n", at.first));
  auto const job = world.take_job("glrt-1");
  CHECK(job.at("runner_info").at("timeout") == at.second);
  CHECK(job.at("steps").at(0).at("timeout") == at.second);
}

TEST_CASE("conformance: a runner that lacks what the job needs", "[coordinator][conformance]") {
  coordinator_world world;
  world.add_runner("glrt-1");
  world.add_pipeline("a:\n  script: x\n  retry:\n    max: 1\n    exit_codes: 3\n");
  auto const got =
      world.call("POST", "/jobs/request", R"({"token":"glrt-1","info":{"features":{}}})");
  CHECK(got.status == 204);
  CHECK(world.status_of(1) == "failed");
  CHECK(world.in->data.jobs.find(1)->failure_reason == "runner_unsupported");
}

TEST_CASE("conformance: a runner without multi_build_steps and a release job",
          "[coordinator][conformance]") {
  coordinator_world world;
  world.add_runner("glrt-1");
  world.add_pipeline("a:\n  script: x\n  release: {tag_name: v1, description: first}\n");
  auto const got =
      world.call("POST", "/jobs/request",
                 R"({"token":"glrt-1","info":{"features":{"multi_build_steps":false}}})");
  CHECK(got.status == 204);
  CHECK(world.status_of(1) == "failed");
  CHECK(world.in->data.jobs.find(1)->failure_reason == "runner_unsupported");

  world.add_pipeline("a:\n  script: x\n  release: {tag_name: v1, description: first}\n");
  auto const job =
      world.call("POST", "/jobs/request",
                 R"({"token":"glrt-1","info":{"features":{"multi_build_steps":true}}})");
  CHECK(job.status == 201);
  CHECK(job.json().at("steps").at(1).at("name") == "release");
}

TEST_CASE("conformance: patches of the trace", "[coordinator][conformance]") {
  running_world world;
  REQUIRE(world.patch_trace(world.job, "0-10", "hello world").status == 202);
  auto const gap = world.patch_trace(world.job, "15-20", "abcdef");
  CHECK(gap.status == 416);
  CHECK(gap.field("Range") == "0-11");
  auto const next = world.patch_trace(world.job, "11-20", "123456789");
  CHECK(next.status == 202);
  CHECK(next.field("Range") == "0-20");
}

TEST_CASE("conformance: an update of a job that has ended or is canceled",
          "[coordinator][conformance]") {
  running_world world;
  world.put_job(world.job, "failed");
  auto const late = world.put_job(world.job, "success");
  CHECK(late.status == 403);
  CHECK(late.field("Job-Status") == "failed");

  world.add_pipeline(one_job);
  auto const graceful = world.take_job("glrt-1");
  world.admin_call("POST", "/projects/1/jobs/2/cancel");
  auto const canceling = world.put_job(graceful, "running");
  CHECK(canceling.status == 200);
  CHECK(canceling.field("Job-Status") == "canceling");

  world.add_pipeline(one_job);
  auto const plain =
      world.call("POST", "/jobs/request", R"({"token":"glrt-1","info":{"features":{}}})").json();
  world.admin_call("POST", "/projects/1/jobs/3/cancel");
  auto const canceled = world.put_job(plain, "running");
  CHECK(canceled.status == 403);
  CHECK(canceled.field("Job-Status") == "canceled");
}

TEST_CASE("conformance: an exit code that is allowed to fail", "[coordinator][conformance]") {
  running_world world("a:\n  script: x\n  allow_failure:\n    exit_codes: [1]\n");
  CHECK(world.put_job(world.job, "failed", R"(,"exit_code":1)").status == 200);
  CHECK(world.status_of(1) == "failed");
  CHECK(world.in->data.jobs.find(1)->allow_failure);
  CHECK(world.pipeline_status(1) == "success");
}

TEST_CASE("conformance: deleting a runner by its token in the query",
          "[coordinator][conformance]") {
  coordinator_world world;
  world.add_runner("glrt-1");
  CHECK(world.call("DELETE", "/runners?token=glrt-1").status == 204);
  CHECK(world.admin_call("GET", "/runners/1").status == 404);
}

TEST_CASE("conformance: refusals of the management calls", "[coordinator][conformance]") {
  struct row {
    char const* method;
    char const* target;
    char const* body;
    char const* answer;
  };
  auto const at = GENERATE(values<row>({
      {"GET", "/runners/all?scope=bogus", "", R"({"error":"scope does not have a valid value"})"},
      {"PUT", "/runners/6", "{}",
       R"({"error":"description, active, paused, tag_list, run_untagged, locked, access_level, )"
       R"(maximum_timeout, maintenance_note are missing, at least one parameter must be provided"})"},
      {"PUT", "/runners/6", R"({"maximum_timeout":300})",
       R"({"message":{"maximum_timeout":["needs to be at least 10 minutes"]}})"},
  }));
  CAPTURE(at.target, at.body);
  coordinator_world world;
  for (int i = 1; i <= 6; ++i) world.add_runner(fmt::format("glrt-{}", i));
  auto const got = world.admin_call(at.method, at.target, at.body);
  CHECK(got.status == 400);
  CHECK(got.body == at.answer);
}

TEST_CASE("conformance: a runner that never connected", "[coordinator][conformance]") {
  coordinator_world world;
  world.add_runner("glrt-1");
  auto const shown = world.admin_call("GET", "/runners/1").json();
  CHECK(shown.at("online").is_null());
  CHECK(shown.at("status") == "never_contacted");
}

TEST_CASE("a project says which runners besides its own may take its jobs",
          "[coordinator][conformance]") {
  coordinator_world world;
  auto const project = world.add_project("group/project");
  auto const type = GENERATE("instance_type", "group_type", "project_type");
  bool const instance_runners = GENERATE(true, false);
  bool const group_runners = GENERATE(true, false);
  CAPTURE(type, instance_runners, group_runners);
  world.in->data.projects.allow_runners(project, instance_runners, group_runners);
  auto const made =
      world.admin_call("POST", "/user/runners",
                       fmt::format(R"({{"runner_type":"{}","group_id":1,"project_id":1}})", type));
  REQUIRE(made.status == 201);
  world.add_pipeline(one_job);
  auto const got = world.request_job(std::string(made.json().at("token").as_string()));
  std::string const kind = type;
  bool const wanted =
      kind == "project_type" || (kind == "group_type" ? group_runners : instance_runners);
  CHECK(got.status == (wanted ? 201 : 204));
}
