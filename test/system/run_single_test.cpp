// `run-single`: one runner, one job after the other, for as long as the flags say.

#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/files.hpp"
#include "test/system/support/proc.hpp"

#include <catch2/generators/catch_generators.hpp>

#include <csignal>

namespace corunner::test {

namespace {

// A server with the jobs of a pipeline, and the flags of the runner that takes them.
struct single {
  explicit single(std::string const& pipeline)
      : gitlab(w, {"--repo", w.make_repository("repo", pipeline).string(), "--long-poll", "1",
                   "--variable", "GO=" + w.path("go").string()}) {}

  child start(std::vector<std::string> more) {
    std::vector<std::string> words{"run-single",
                                   "--url",
                                   gitlab.url(),
                                   "--token",
                                   gitlab.runner_token(),
                                   "--executor",
                                   "shell",
                                   "--builds-dir",
                                   w.path("builds").string()};
    words.insert(words.end(), more.begin(), more.end());
    return w.start(std::move(words));
  }

  world w;
  gitlab_program gitlab;
};

constexpr char const* three_jobs = R"yml(
stages: [one, two, three]
first: {stage: one, script: [exit 3], allow_failure: true}
second: {stage: two, script: [echo two]}
third: {stage: three, script: [echo three]}
)yml";

constexpr char const* waiting_job = R"yml(
job:
  script:
    - echo "it runs"
    - while [ ! -e "$GO" ]; do sleep 0.1; done
)yml";

}  // namespace

TEST_CASE("run-single ends with 0 after the number of jobs that it was given", "[system][single]") {
  single at(three_jobs);
  auto runner = at.start({"--max-builds", "2"});
  CHECK(runner.wait() == 0);
  INFO(runner.err());
  CHECK(at.gitlab.job("first").status == "failed");
  CHECK(at.gitlab.job("second").status == "success");
  CHECK(at.gitlab.job("third").status == "pending");
  CHECK(runner.err().find("Failed to process build") != std::string::npos);
  CHECK(runner.err().find("This runner has processed its build limit, so now exiting") !=
        std::string::npos);
  CHECK(names_in(at.w.temporary()).size() == 1);  // the server's own
}

TEST_CASE("run-single ends with 0 when no job has come for as long as it was told to wait",
          "[system][single]") {
  single at(three_jobs);
  auto runner = at.start({"--wait-timeout", "2"});
  CHECK(runner.wait() == 0);
  INFO(runner.err());
  CHECK(at.gitlab.job("third").status == "success");
  CHECK(runner.err().find("This runner has not received a job in 2 seconds, so now exiting") !=
        std::string::npos);
}

TEST_CASE("run-single does not end for want of jobs while one runs", "[system][single]") {
  single at(waiting_job);
  auto runner = at.start({"--wait-timeout", "1"});
  at.gitlab.process.wait_for_output("| it runs");
  at.w.loop.run_for(std::chrono::milliseconds(1500));
  CHECK_FALSE(runner.look_whether_it_ended());
  write_file(at.w.path("go"), "");
  CHECK(runner.wait() == 0);
  CHECK(at.gitlab.job("job").status == "success");
}

TEST_CASE("run-single takes an entry of the file by its name, with the file's settings for it",
          "[system][single]") {
  single at("job: {script: ['echo \"this is $FROM_FILE\"']}\n");
  auto const config = at.w.configure({.url = at.gitlab.url(),
                                      .token = at.gitlab.runner_token(),
                                      .concurrent = 0,  // says nothing here
                                      .entry = "  environment = [\"FROM_FILE=the file\"]\n"});
  auto runner = at.w.start({"run-single", "--config", config.string(), "--runner", "system test",
                            "--max-builds", "1", "--executor", "ignored"});
  CHECK(runner.wait() == 0);
  CHECK(at.gitlab.trace(at.gitlab.job("job").id).find("this is the file") != std::string::npos);
}

TEST_CASE("QUIT lets the job of run-single finish, TERM and INT end it, HUP ends run-single itself",
          "[system][single]") {
  int const signal = GENERATE(SIGQUIT, SIGTERM, SIGINT, SIGHUP);
  CAPTURE(signal);
  single at(waiting_job);
  auto runner = at.start({"--shutdown-timeout", "20"});
  at.gitlab.process.wait_for_output("| it runs");
  runner.signal(signal);
  if (signal == SIGQUIT) {
    runner.wait_for_error("Requested quit, waiting for builds to finish");
    write_file(at.w.path("go"), "");
  }
  CHECK(runner.wait() == (signal == SIGHUP ? 128 + SIGHUP : 0));
  auto const job = at.gitlab.job("job");
  if (signal == SIGHUP) {
    CHECK(job.status == "running");  // kept for the next start
    write_file(at.w.path("go"), "");
    return;
  }
  CHECK(job.trace_intact);
  CHECK(job.status == (signal == SIGQUIT ? "success" : "failed"));
  CHECK(job.failure_reason == (signal == SIGQUIT ? "" : "runner_interrupted"));
}

TEST_CASE("run-single says what is missing before it asks for anything", "[system][single]") {
  world w;
  auto const [arguments, message] = GENERATE(table<std::vector<std::string>, std::string>({
      {{}, "Missing URL"},
      {{"--url", "http://localhost"}, "Missing Token"},
      {{"--url", "http://localhost", "--token", "t"}, "Missing Executor"},
      {{"--url", "http://localhost", "--token", "t", "--executor", "x"}, "Unknown executor: x"},
      {{"--runner", "x", "--config", "/no/such"},
       "Error loading runner by name: could not find a runner"},
  }));
  std::vector<std::string> words{"run-single"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  auto runner = w.start(words);
  CHECK(runner.wait() == 1);
  CHECK(runner.err().find("FATAL: " + message) != std::string::npos);
}

}  // namespace corunner::test
