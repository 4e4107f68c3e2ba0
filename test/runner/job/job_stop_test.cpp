#include "runner/job/script_timeouts.hpp"
#include "test/runner/job/job_bench.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using namespace std::chrono_literals;
using corunner::test::fake_stage;
using corunner::test::fake_world;
using corunner::test::job_bench;
using gitlab::failure_reason;
using names = std::vector<std::string>;

namespace {

constexpr std::string_view late_warning =
    " could not run to completion because the timeout was exceeded. For more control over job and "
    "script timeouts see: https://docs.gitlab.com/ci/runners/configure_runners/"
    "#set-script-and-after_script-timeouts\\e[0;m\n";

fake_stage exits(int code) { return {.outcome = fake_world::exits(code)}; }
fake_stage lasting(std::chrono::milliseconds length) { return {.lasts = length}; }

// A job that hangs in one stage and has everything around it.
struct hanging : job_bench {
  explicit hanging(std::string const& stage) {
    script({"make"});
    after_script({"echo after"});
    gitlab::job_artifact artifact;
    artifact.paths = {"out"};
    artifact.when = "always";
    payload.artifacts = {artifact};
    world.set(stage, lasting(1h));
  }
};

bool warned_late(job_bench const& b, std::string const& stage) {
  return b.logged_line("WARNING: " + stage + std::string(late_warning));
}

// But for the removal of files after a hard stop, which the log does not show.
std::string last_stage(job_bench const& b) {
  auto ran = b.world.ran;
  bool const is_shown = b.logged_line("Cleaning up project directory");
  if (ran.back() == "cleanup_file_variables" && !is_shown) ran.pop_back();
  return ran.back();
}

names const what_follows_steps{"after_script", "upload_artifacts_on_failure",
                               "cleanup_file_variables"};

names last_of(names const& ran, std::size_t count) {
  return {ran.end() - static_cast<std::ptrdiff_t>(std::min(count, ran.size())), ran.end()};
}

}  // namespace

TEST_CASE("a cancel in a user step stops it and lets after_script run", "[job][cancel]") {
  hanging b("step_script");
  b.start();
  b.job->cancel();
  auto const& outcome = b.finish();
  CHECK(outcome.state == job_state::failed);
  CHECK(outcome.message == "canceled");
  CHECK(outcome.reason == failure_reason::job_canceled);
  CHECK(outcome.exit_code == 0);
  CHECK(last_of(b.world.ran, 3) == what_follows_steps);
  CHECK(b.logged_line("\\e[0;33mWARNING: script canceled externally (UI, API)\\e[0;m\n"));
  CHECK(b.world.scripts[3].find("CI_JOB_STATUS=canceled") != std::string::npos);
}

TEST_CASE("a cancel after the user steps changes nothing", "[job][cancel]") {
  auto const stage = GENERATE(std::string("after_script"), "upload_artifacts_on_success",
                              "cleanup_file_variables");
  CAPTURE(stage);
  hanging b(stage);
  b.world.set(stage, lasting(1min));
  b.start();
  b.job->cancel();
  CHECK(b.finish().ok());
}

TEST_CASE("a cancel before the user steps stops everything", "[job][cancel]") {
  auto const stage = GENERATE(std::string("prepare_script"), "get_sources");
  CAPTURE(stage);
  hanging b(stage);
  b.start();
  b.job->cancel();
  auto const& outcome = b.finish();
  CHECK(outcome.state == job_state::canceled);
  CHECK(outcome.message == "canceled");
  CHECK(last_stage(b) == stage);
  CHECK(b.world.cleaned == 1);
}

TEST_CASE("after a hard stop the files of the job are removed, and the log says nothing of it",
          "[job][cancel]") {
  hanging b("step_script");
  b.world.set("cleanup_file_variables", {.lasts = 1h, .prints = "unseen"});
  b.start();
  b.job->abort();
  auto const began = b.time.now();
  b.finish();
  CHECK(b.world.ran.back() == "cleanup_file_variables");
  CHECK(b.time.now() - began == 30s);
  CHECK_FALSE(b.logged_line("unseen"));
  CHECK_FALSE(b.logged_line("Cleaning up"));
  CHECK(b.logged == names{"temporary files of the job may be left"});
}

TEST_CASE("a job that was stopped before it had files removes none", "[job][cancel]") {
  hanging b("prepare_script");
  b.start();
  b.job->abort();
  b.finish();
  CHECK(b.world.ran == names{"prepare_script"});
}

TEST_CASE("an abort stops everything at any time and says no more than that", "[job][cancel]") {
  auto const stage =
      GENERATE(std::string("prepare_script"), "get_sources", "step_script",
               "upload_artifacts_on_success", "cleanup_file_variables");
  CAPTURE(stage);
  hanging b(stage);
  b.start();
  b.job->abort();
  auto const& outcome = b.finish();
  CHECK(outcome.state == job_state::canceled);
  CHECK(outcome.reason == failure_reason::job_canceled);
  CHECK(last_stage(b) == stage);
  CHECK(b.world.cleaned == 1);
  CHECK_FALSE(b.logged_line("WARNING"));
}

TEST_CASE("an abort while after_script runs is told with its status", "[job][cancel]") {
  hanging b("after_script");
  b.start();
  b.job->abort();
  CHECK(b.finish().message == "canceled");
  CHECK(b.logged_line("WARNING: after_script failed, but job will continue unaffected: exit "
                      "status 1\\e[0;m\n"));
  CHECK(last_stage(b) == "after_script");
}

TEST_CASE("an abort while an after_script that counts runs says nothing of it", "[job][cancel]") {
  hanging b("after_script");
  b.variable("AFTER_SCRIPT_IGNORE_ERRORS", "false");
  b.start();
  b.job->abort();
  CHECK(b.finish().message == "canceled");
  CHECK_FALSE(b.logged_line("after_script failed"));
}

TEST_CASE("a signal that comes before the job begins is not lost", "[job][cancel]") {
  bool const gently = GENERATE(true, false);
  CAPTURE(gently);
  job_bench b;
  b.script({"never"});
  b.create();
  gently ? b.job->cancel() : b.job->abort();
  b.begin();
  CHECK(b.finish().message == "canceled");
  CHECK(b.world.prepared.empty());
}

TEST_CASE("a shutdown ends the job with the name of the signal", "[job][shutdown]") {
  auto const signal = GENERATE(std::string("terminated"), "interrupt", "quit");
  hanging b("step_script");
  b.start();
  b.job->shutdown(signal);
  auto const& outcome = b.finish();
  CHECK(outcome.state == job_state::terminated);
  CHECK(outcome.message == "aborted: " + signal);
  CHECK(outcome.unmapped == failure_reason::runner_interrupted);
  CHECK(last_stage(b) == "step_script");
  CHECK(b.world.cleaned == 1);
}

TEST_CASE("cancelling the coroutine counts as a shutdown, and all ends in order",
          "[job][shutdown]") {
  hanging b("step_script");
  b.create();
  asio::cancellation_signal signal;
  asio::co_spawn(b.io, b.job->run(),
                 asio::bind_cancellation_slot(
                     signal.slot(), [&b](std::exception_ptr failure, job_outcome ended) {
                       CHECK_FALSE(failure);
                       b.outcome = std::move(ended);
                     }));
  test::settle(b.io);
  signal.emit(asio::cancellation_type::terminal);
  CHECK(b.finish().message == "aborted: terminated");
  CHECK(b.world.cleaned == 1);
}

TEST_CASE("the first of several reasons to stop is the one that is told", "[job][shutdown]") {
  hanging b("step_script");
  b.start();
  b.job->shutdown("terminated");
  b.job->abort();
  CHECK(b.finish().message == "aborted: terminated");
}

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
