#include "runner/job/script_timeouts.hpp"
#include "test/runner/job/hanging_job.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using namespace corunner::test;
using namespace std::chrono_literals;
using gitlab::failure_reason;
using names = std::vector<std::string>;

namespace {

constexpr std::string_view late_warning =
    " could not run to completion because the timeout was exceeded. For more control over job and "
    "script timeouts see: https://docs.gitlab.com/ci/runners/configure_runners/"
    "#set-script-and-after_script-timeouts\\e[0;m\n";

fake_stage exits(int code) { return {.outcome = fake_world::exits(code)}; }

bool warned_late(job_bench const& b, std::string const& stage) {
  return b.logged_line("WARNING: " + stage + std::string(late_warning));
}

}  // namespace

TEST_CASE("the job timeout kills and runs nothing more", "[job][timeout]") {
  auto const stage = GENERATE(std::string("prepare_script"), "get_sources", "step_script",
                              "after_script", "upload_artifacts_on_success");
  CAPTURE(stage);
  hanging b(stage);
  b.variable("RUNNER_AFTER_SCRIPT_TIMEOUT", "10m");
  b.payload.runner_info.timeout = 600;
  auto const& outcome = b.run();
  CHECK(outcome.state == job_state::timed_out);
  CHECK(outcome.message == "execution took longer than 10m0s seconds");
  CHECK(outcome.reason == failure_reason::job_execution_timeout);
  CHECK(last_stage(b) == stage);
  CHECK(warned_late(b, stage));
  CHECK_FALSE(b.logged_line("after_script failed"));
  CHECK(b.world.cleaned == 1);
}

TEST_CASE("a timeout of nothing means two hours", "[job][timeout]") {
  job_bench b;
  b.script({"x"});
  b.payload.runner_info.timeout = 0;
  b.world.set("step_script", lasting(3h));
  CHECK(b.run().message == "execution took longer than 2h0m0s seconds");
}

TEST_CASE("RUNNER_SCRIPT_TIMEOUT limits all user steps together", "[job][timeout]") {
  hanging b("step_release");
  b.add_step("release", {"y"});
  b.world.set("step_script", lasting(40s));
  b.variable("RUNNER_SCRIPT_TIMEOUT", "1m");
  auto const began = b.time.now();
  auto const& outcome = b.run();
  CHECK(outcome.message == "script timeout: context deadline exceeded");
  CHECK(outcome.reason == failure_reason::job_execution_timeout);
  CHECK(outcome.state == job_state::failed);
  CHECK(b.time.now() - began == 1min);
  CHECK(warned_late(b, "step_release"));
  CHECK(last_of(b.world.ran, 3) == what_follows_steps);
}

TEST_CASE("after_script has a limit of its own, five minutes by default", "[job][timeout]") {
  hanging b("after_script");
  auto const began = b.time.now();
  CHECK(b.run().ok());
  CHECK(b.time.now() - began == 5min);
  CHECK(warned_late(b, "after_script"));
  CHECK(b.logged_line("after_script failed, but job will continue unaffected: exit status 1"));
}

TEST_CASE("an after_script that is late fails the job when it counts", "[job][timeout]") {
  hanging b("after_script");
  b.variable("RUNNER_AFTER_SCRIPT_TIMEOUT", "1s");
  b.variable("AFTER_SCRIPT_IGNORE_ERRORS", "false");
  CHECK(b.run().exit_code == 1);
}

TEST_CASE("timeouts that cannot be used are warned about before the first step", "[job][timeout]") {
  job_bench b;
  b.script({"x"});
  b.variable("RUNNER_SCRIPT_TIMEOUT", "60");
  b.variable("RUNNER_AFTER_SCRIPT_TIMEOUT", "-5m");
  CHECK(b.run().ok());
  CHECK(b.logged_line("get_sources\\r\\e[0K"
                      "\\e[0;33mWARNING: Ignoring malformed RUNNER_SCRIPT_TIMEOUT timeout: "
                      "60\\e[0;m\n"
                      "\\e[0;33mWARNING: Ignoring relative RUNNER_AFTER_SCRIPT_TIMEOUT timeout: "
                      "-5m\\e[0;m\n"
                      "section_start:1767323045:step_script"));
}

TEST_CASE("a timeout of blanks is none, silently", "[job][timeout]") {
  job_variables variables;
  variables.add("RUNNER_SCRIPT_TIMEOUT", " \t");
  auto const read = read_script_timeouts(variables, 10min);
  CHECK_FALSE(read.script.has_value());
  CHECK(read.warnings.empty());
}

TEST_CASE("prepare_timeout covers the preparation and prepare_script", "[job][timeout]") {
  hanging b("prepare_script");
  b.runner.prepare_timeout = 30s;
  SECTION("prepare_script hangs") {
    CHECK(b.run().message == "prepare timeout: exceeded timeout of 30s");
    CHECK(warned_late(b, "prepare_script"));
  }
  SECTION("the executor does") {
    b.world.prepare_lasts = 1min;
    CHECK(b.run().message == "prepare timeout: exceeded timeout of 30s");
    CHECK(b.world.ran.empty());
  }
  CHECK(b.outcome->reason == failure_reason::job_execution_timeout);
  CHECK(b.world.cleaned == 1);
}

TEST_CASE("get_sources_timeout covers all attempts and ends the job", "[job][timeout]") {
  hanging b("get_sources");
  b.world.stages["get_sources"] = {exits(1), lasting(1h)};
  b.variable("GET_SOURCES_ATTEMPTS", "3");
  b.runner.get_sources_timeout = 1min;
  auto const began = b.time.now();
  CHECK(b.run().message == "get sources timeout: exceeded timeout of 1m0s");
  CHECK(b.time.now() - began == 1min);
  CHECK(last_stage(b) == "get_sources");
}

TEST_CASE("a part's timeout beyond the job's is not used, and the process log tells",
          "[job][timeout]") {
  job_bench b;
  b.runner.prepare_timeout = 1h;
  b.runner.get_sources_timeout = -1s;
  CHECK(b.run().ok());
  CHECK(b.logged ==
        names{"prepare_timeout (1h0m0s) exceeds job timeout (10m0s); using job timeout",
              "get_sources_timeout (-1s) must be greater than 0; using job timeout (10m0s)"});
}

TEST_CASE("a script that ignores the end is waited for five minutes, then left", "[job][timeout]") {
  hanging b("step_script");
  b.world.set("step_script", {.lasts = 1h, .stubborn = 6min});
  b.start();
  b.job->abort();
  b.advance(0s);
  b.advance(4min);
  CHECK(b.world.cleaned == 0);
  b.advance(1min);
  CHECK(b.logged_line("\\e[0;33mWARNING: Timed out waiting for the build to finish\\e[0;m\n"));
  CHECK(b.world.cleaned == 1);
  CHECK(b.finish().message == "canceled");
}
