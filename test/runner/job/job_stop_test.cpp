#include "test/runner/job/hanging_job.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using namespace corunner::test;
using namespace std::chrono_literals;
using gitlab::failure_reason;
using names = std::vector<std::string>;

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
