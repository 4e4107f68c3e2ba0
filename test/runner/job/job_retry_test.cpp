#include "test/runner/job/job_bench.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using namespace corunner::test;
using namespace std::chrono_literals;
using gitlab::failure_reason;
using names = std::vector<std::string>;

namespace {

fake_stage exits(int code) { return {.outcome = fake_world::exits(code)}; }

}  // namespace

TEST_CASE("a stage is tried again after 5, 10, 20 seconds, get_sources with a cleared worktree",
          "[job][retry]") {
  job_bench b;
  b.variable("GET_SOURCES_ATTEMPTS", "4");
  b.world.set("get_sources", exits(128));
  auto const began = b.time.now();
  CHECK(b.run().exit_code == 128);
  CHECK(b.time.now() - began == 35s);
  CHECK(b.world.ran == names{"prepare_script", "get_sources", "clear_worktree", "get_sources",
                             "get_sources", "get_sources", "cleanup_file_variables"});
  CHECK(b.logged_line("section_end:1767323045:get_sources\\r\\e[0K"
                      "\\e[0;33mWARNING: Retrying...\\e[0;m\n"));
}

TEST_CASE("with the flag off the delays are 1, 2, 4, 5, 5 seconds", "[job][retry]") {
  job_bench b;
  b.variable("GET_SOURCES_ATTEMPTS", "6");
  b.variable("FF_USE_EXPONENTIAL_BACKOFF_STAGE_RETRY", "false");
  b.world.set("get_sources", exits(1));
  auto const began = b.time.now();
  b.run();
  CHECK(b.time.now() - began == 17s);
}

TEST_CASE("an attempt that works ends the tries", "[job][retry]") {
  job_bench b;
  b.script({"x"});
  b.variable("GET_SOURCES_ATTEMPTS", "3");
  b.world.stages["get_sources"] = {exits(1), exits(0)};
  CHECK(b.run().ok());
}

TEST_CASE("a worktree that cannot be cleared counts as a failed attempt", "[job][retry]") {
  job_bench b;
  b.variable("GET_SOURCES_ATTEMPTS", "2");
  b.world.set("get_sources", exits(1));
  b.world.set("clear_worktree", exits(7));
  CHECK(b.run().exit_code == 7);
}

TEST_CASE("a cancel during the delay ends the tries at once", "[job][retry]") {
  job_bench b;
  b.variable("GET_SOURCES_ATTEMPTS", "10");
  b.world.set("get_sources", exits(1));
  b.start();
  auto const began = b.time.now();
  b.job->abort();
  CHECK(b.finish().message == "canceled");
  CHECK(b.time.now() == began);
}

TEST_CASE("the preparation is tried three times, three seconds apart", "[job][prepare]") {
  job_bench b;
  exec::prepare_failure const failure{.message = "no luck"};
  SECTION("all fail") {
    b.world.prepare_failures = {failure, failure, failure};
    auto const began = b.time.now();
    CHECK(b.run().message == "no luck");
    CHECK(b.outcome->reason == failure_reason::runner_system_failure);
    CHECK(b.time.now() - began == 9s);
    CHECK(b.world.cleaned == 3);
    CHECK(b.world.ran.empty());
  }
  SECTION("the third works") {
    b.world.prepare_failures = {failure, failure};
    CHECK(b.run().ok());
    CHECK(b.world.cleaned == 3);
  }
  CHECK(b.logged_line("\\e[31;1mERROR: Preparation failed: no luck\\e[0;m\n"
                      "\\e[32;1mWill be retried in 3s ...\\e[0;m\n"));
}

TEST_CASE("a preparation that knows its reason is not tried again", "[job][prepare]") {
  job_bench b;
  b.world.prepare_failures = {{.message = "bad image", .failure_reason = "image_pull_failure"}};
  CHECK(b.run().unmapped == failure_reason::image_pull_failure);
  CHECK(b.world.prepared.size() == 1);
  CHECK_FALSE(b.logged_line("Preparation failed"));
}

TEST_CASE("an executor that nobody knows ends the job before any section", "[job][prepare]") {
  job_bench b;
  b.runner.executor = "nonsense";
  CHECK(b.run().message == "executor not found");
  CHECK_FALSE(b.logged_line("section_start"));
}

TEST_CASE("a clone path that is not allowed is a fault of the configuration", "[job][prepare]") {
  job_bench b;
  b.variable("GIT_CLONE_PATH", "$CI_BUILDS_DIR/../x");
  SECTION("not enabled") {
    CHECK(b.run().message ==
          "setting GIT_CLONE_PATH is not allowed, enable `custom_build_dir` feature");
  }
  SECTION("outside") {
    b.runner.custom_build_dir.enabled = true;
    CHECK(b.run().message ==
          "the GIT_CLONE_PATH=\"/work-dir/builds/../x\" has to be within \"/work-dir/builds\"");
  }
  CHECK(b.outcome->unmapped == failure_reason::runner_configuration_error);
  CHECK_FALSE(b.logged_line("Preparation failed"));
  CHECK(b.world.prepared.empty());
}
