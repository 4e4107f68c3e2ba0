#include "runner/job/job_run.hpp"

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

fake_stage exits(int code) { return {.outcome = fake_world::exits(code)}; }

gitlab::job_artifact artifact(std::string when) {
  gitlab::job_artifact one;
  one.paths = {"out"};
  one.when = std::move(when);
  return one;
}

gitlab::job_cache cache(std::string when) {
  gitlab::job_cache one;
  one.key = "k";
  one.paths = {"vendor"};
  one.when = std::move(when);
  return one;
}

// A job with everything that can run after the steps.
struct full_bench : job_bench {
  full_bench() {
    script({"make"});
    after_script({"echo after"});
    payload.artifacts = {artifact("always")};
    payload.cache = {cache("always")};
  }
};

// The stages after restore_cache.
names stages_after(names const& ran, std::string_view stage) {
  auto const found = std::ranges::find(ran, stage);
  return found == ran.end() ? names{"(not found)"} : names(found + 1, ran.end());
}

std::string script_of(job_bench const& b, std::string_view stage) {
  auto const found = std::ranges::find(b.world.ran, stage);
  if (found == b.world.ran.end()) return {};
  return b.world.scripts[static_cast<std::size_t>(found - b.world.ran.begin())];
}

}  // namespace

TEST_CASE("a job that succeeds runs its stages in order and says so", "[job][life]") {
  full_bench b;
  auto const& outcome = b.run();
  CHECK(outcome.ok());
  CHECK(outcome.reason == failure_reason::none);
  CHECK(b.world.ran == names{"prepare_script", "get_sources", "restore_cache", "step_script",
                             "after_script", "archive_cache", "upload_artifacts_on_success",
                             "cleanup_file_variables"});
  CHECK(b.world.cleaned == 1);
  CHECK(b.job->state() == job_state::success);
}

TEST_CASE("a failing step ends the steps, after_script runs, and the failure variants save",
          "[job][life]") {
  full_bench b;
  b.add_step("release", {"echo never"});
  b.world.set("step_script", exits(42));
  auto const& outcome = b.run();
  CHECK(outcome.state == job_state::failed);
  CHECK(outcome.reason == failure_reason::script_failure);
  CHECK(outcome.exit_code == 42);
  CHECK(outcome.message == "exit status 42");
  CHECK(stages_after(b.world.ran, "step_script") ==
        names{"after_script", "archive_cache_on_failure", "upload_artifacts_on_failure",
              "cleanup_file_variables"});
  CHECK(b.logged_line("\\e[31;1mERROR: Job failed: exit status 42\\e[0;m\n"));
}

TEST_CASE("after_script and what follows see how the steps ended", "[job][life]") {
  full_bench b;
  b.world.set("step_script", exits(1));
  b.run();
  CHECK(script_of(b, "step_script").find("CI_JOB_STATUS=running") != std::string::npos);
  CHECK(script_of(b, "after_script").find("CI_JOB_STATUS=failed") != std::string::npos);
  CHECK(script_of(b, "cleanup_file_variables").find("CI_JOB_STATUS=failed") != std::string::npos);
}

TEST_CASE("a failed after_script is a warning, or the job's failure when it shall count",
          "[job][life]") {
  full_bench b;
  b.world.set("after_script", exits(3));
  SECTION("by default the job goes on unaffected") {
    CHECK(b.run().ok());
    CHECK(b.logged_line("WARNING: after_script failed, but job will continue unaffected: "
                        "exit status 3\\e[0;m\n"));
  }
  SECTION("AFTER_SCRIPT_IGNORE_ERRORS=false makes it count") {
    b.variable("AFTER_SCRIPT_IGNORE_ERRORS", "false");
    CHECK(b.run().exit_code == 3);
    CHECK_FALSE(b.logged_line("after_script failed"));
  }
  SECTION("but not over a failure of the script") {
    b.variable("AFTER_SCRIPT_IGNORE_ERRORS", "false");
    b.world.set("step_script", exits(2));
    CHECK(b.run().exit_code == 2);
  }
}

TEST_CASE("a failure before the steps skips them and after_script, but saves and cleans up",
          "[job][life]") {
  auto const stage = GENERATE(std::string("get_sources"), "restore_cache", "download_artifacts");
  CAPTURE(stage);
  full_bench b;
  gitlab::job_dependency dependency;
  dependency.artifacts_file.emplace().filename = "artifacts.zip";
  b.payload.dependencies = {dependency};
  b.world.set(stage, exits(1));
  auto const& outcome = b.run();
  CHECK(outcome.message == "exit status 1");
  CHECK(stages_after(b.world.ran, stage) == names{"archive_cache_on_failure",
                                                   "upload_artifacts_on_failure",
                                                   "cleanup_file_variables"});
}

TEST_CASE("a failed upload fails a good job, and an archive failure does not switch the variant",
          "[job][life]") {
  full_bench b;
  b.world.set("archive_cache", exits(4));
  b.world.set("upload_artifacts_on_success", exits(5));
  auto const& outcome = b.run();
  CHECK(outcome.exit_code == 4);
  CHECK(b.world.ran.back() == "cleanup_file_variables");
}

TEST_CASE("a failed cleanup changes nothing", "[job][life]") {
  job_bench b;
  b.world.set("cleanup_file_variables", exits(1));
  CHECK(b.run().ok());
  CHECK(b.logged == names{"cleanup stage failed: exit status 1"});
}

TEST_CASE("a failed prepare_script ends the job at once", "[job][life]") {
  full_bench b;
  b.world.set("prepare_script", exits(9));
  auto const& outcome = b.run();
  CHECK(outcome.message ==
        "prepare environment: exit status 9. Check "
        "https://docs.gitlab.com/runner/shells/#shell-profile-loading for more information");
  CHECK(outcome.exit_code == 9);
  CHECK(outcome.reason == failure_reason::script_failure);
  CHECK(b.world.ran == names{"prepare_script"});
  CHECK(b.world.cleaned == 1);
}

TEST_CASE("a shell that cannot be started is the runner's failure", "[job][life]") {
  job_bench b;
  b.script({"x"});
  b.world.set("step_script", {.outcome = {.how = exec::stage_outcome::kind::failed,
                                          .message = "failed to start process: no"}});
  auto const& outcome = b.run();
  CHECK(outcome.reason == failure_reason::runner_system_failure);
  CHECK(b.logged_line("ERROR: Job failed (system failure): failed to start process: no\\e[0;m"));
}

TEST_CASE("a script that dies of a signal has exit code -1", "[job][life]") {
  job_bench b;
  b.script({"x"});
  b.world.set("step_script",
              {.outcome = {.how = exec::stage_outcome::kind::signaled, .signal = 9}});
  auto const& outcome = b.run();
  CHECK(outcome.message == "signal: killed");
  CHECK(outcome.exit_code == -1);
}

TEST_CASE("an exception anywhere is a panic, and the environment is cleaned up", "[job][life]") {
  job_bench b;
  b.world.throws = true;
  auto const& outcome = b.run();
  CHECK(outcome.state == job_state::terminated);
  CHECK(outcome.reason == failure_reason::runner_system_failure);
  CHECK(outcome.message == "panic: out of luck");
  CHECK(b.world.cleaned == 1);
}

TEST_CASE("steps run in the order of the payload, named in lower case", "[job][life]") {
  job_bench b;
  b.script({"a"});
  b.add_step("Release", {"b"});
  b.run();
  CHECK(stages_after(b.world.ran, "get_sources") ==
        names{"step_script", "step_release", "cleanup_file_variables"});
}

TEST_CASE("an input that cannot be filled in leaves only the error in the log", "[job][life]") {
  job_bench b;
  b.script({"echo ${{ job.inputs.y }}"});
  b.payload.inputs = {{.key = "x", .type = "string", .content = "v"}};
  auto const& outcome = b.run();
  CHECK(outcome.unmapped == failure_reason::runner_configuration_error);
  CHECK(outcome.reason == failure_reason::script_failure);
  CHECK(b.log() ==
        "\\e[31;1mERROR: Job failed: failed to interpolate job inputs: unknown input "
        "'y'\\e[0;m\n");
}

TEST_CASE("what no script can be written for fails the stage without a section", "[job][life]") {
  job_bench b;
  b.script({"never"});
  b.variable("GIT_STRATEGY", "fetch");
  SECTION("an unknown submodule strategy") {
    b.variable("GIT_SUBMODULE_STRATEGY", "deep");
    CHECK(b.run().message == "unknown GIT_SUBMODULE_STRATEGY");
  }
  SECTION("an exclude of nothing") {
    b.variable("GIT_SUBMODULE_STRATEGY", "normal");
    b.variable("GIT_SUBMODULE_PATHS", ":(exclude)");
    CHECK(b.run().message == "GIT_SUBMODULE_PATHS: invalid submodule pathspec [\":(exclude)\"]");
  }
  CHECK(b.outcome->reason == failure_reason::runner_system_failure);
  CHECK_FALSE(b.logged_line("get_sources"));
  CHECK(b.world.ran == names{"prepare_script", "cleanup_file_variables"});
}

TEST_CASE("an unknown cache policy fails the job as the runner's fault", "[job][life]") {
  job_bench b;
  b.payload.cache = {cache("on_success")};
  b.payload.cache[0].policy = "pull-pull";
  CHECK(b.run().message == "unknown cache policy pull-pull for k");
}

TEST_CASE("run: is refused by an executor without native steps", "[job][life]") {
  job_bench b;
  b.payload.run = R"([{"name":"a","script":"b"}])";
  auto const& outcome = b.run();
  CHECK(outcome.unmapped == failure_reason::runner_configuration_error);
  CHECK(outcome.message.starts_with("native step execution (e.g. the `run:` keyword)"));
  CHECK(b.world.ran.empty());
  CHECK(b.world.cleaned == 1);
}

TEST_CASE("suspension that nobody supports fails a good job only", "[job][life]") {
  job_bench b;
  b.script({"x"});
  b.variable("FF_SUSPENDABLE_ENVIRONMENTS", "true");
  b.payload.suspend_options = {.suspend_on_success = true, .suspend_on_failure = true};
  SECTION("good job") {
    CHECK(b.run().message == "executor does not support suspend/resume");
  }
  SECTION("failed job") {
    b.world.set("step_script", exits(2));
    CHECK(b.run().message == "exit status 2");
  }
  CHECK(b.logged_line("WARNING: Job environment suspension not supported by executor\\e[0;m\n"));
}

TEST_CASE("a refused payload ends as a system failure with exit code 3", "[job]") {
  auto const outcome = rejected_payload("the `run` and `script` keywords cannot be used together");
  CHECK(outcome.state == job_state::failed);
  CHECK(outcome.reason == failure_reason::runner_system_failure);
  CHECK(outcome.exit_code == 3);
}

TEST_CASE("the text of a refusal goes to the log without timestamps", "[job]") {
  job_bench b;
  b.script({"x"});
  CHECK(trace_options_of(b.input()).timestamps);
  b.payload.run = R"([{"name":"a","script":"b"}])";
  CHECK_FALSE(trace_options_of(b.input()).timestamps);
}

TEST_CASE("the trace is made as flags, payload and configuration say", "[job]") {
  job_bench b;
  b.variable("FF_TIMESTAMPS", "0");
  b.runner.output_limit = 2;
  b.payload.features.token_mask_prefixes = {"acme-"};
  auto const how = trace_options_of(b.input());
  CHECK_FALSE(how.timestamps);
  CHECK(how.limit == 2048);
  CHECK(how.masked == names{"glcbt-64_job-token"});
  CHECK(how.token_prefixes.back() == "acme-");
  CHECK(how.encoded);
  b.runner.mask_encoded_values = false;
  CHECK_FALSE(trace_options_of(b.input()).encoded);
}

TEST_CASE("an output_limit of none or less is the usual one, and a huge one stays huge", "[job]") {
  job_bench b;
  b.script({"x"});
  for (std::int64_t const limit : {0, -5}) {
    b.runner.output_limit = limit;
    CHECK(trace_options_of(b.input()).limit == 4u << 20);
  }
  b.runner.output_limit = INT64_MAX;
  CHECK(trace_options_of(b.input()).limit > 1ull << 62);
}

TEST_CASE("the job token is masked also where no variable holds it", "[job]") {
  job_bench b;
  b.payload.variables.clear();
  CHECK(trace_options_of(b.input()).masked == names{"glcbt-64_job-token"});
}

TEST_CASE("a job that is cancelled before it begins has a mapped reason", "[job]") {
  auto payload = test::plain_payload();
  CHECK(canceled_before_start(payload).reason == failure_reason::job_canceled);
  payload.features.failure_reasons.clear();
  CHECK(canceled_before_start(payload).reason == failure_reason::unknown_failure);
}
