// `run --once`: one job for a person who watches.

#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"

#include <catch2/generators/catch_generators.hpp>
#include "test/system/support/proc.hpp"

#include <csignal>

namespace corunner::test {

namespace {

gitlab_program serve(world& in, std::string const& pipeline,
                     std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{"--repo", in.make_repository("repo", pipeline).string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return gitlab_program(in, std::move(arguments));
}

child run_once(world& in, gitlab_program const& gitlab) {
  return in.start_run(in.configure({.url = gitlab.url(), .token = gitlab.runner_token()}),
                      {"--once"});
}

}  // namespace

TEST_CASE("run --once shows the log of a job without line headers and ends with 0 when it passes",
          "[system]") {
  world w;
  auto gitlab = serve(w, R"yml(
job:
  script:
    - echo one two
    - echo three >&2
)yml");
  auto once = run_once(w, gitlab);
  REQUIRE(once.wait() == 0);

  INFO(once.out());
  CHECK(once.out().starts_with("Running with corunner "));
  CHECK(once.out().find("\n$ echo one two\none two\n") != std::string::npos);
  CHECK(once.out().find("\nthree\n") != std::string::npos);
  CHECK(once.out().ends_with("Job succeeded\n"));
  CHECK(once.out().find("section_") == std::string::npos);
  CHECK(once.out().find("Z 01O") == std::string::npos);
  CHECK(gitlab.job("job").status == "success");
  CHECK(gitlab.job("job").trace_intact);
  CHECK(names_in(w.temporary()).size() == 1);  // the coordinator's own
  CHECK(gitlab.stop() == 0);
}

TEST_CASE("run --once ends with 1 when the script fails and shows its exit code", "[system]") {
  world w;
  auto gitlab = serve(w, "job: {script: ['exit 3']}\n");
  auto once = run_once(w, gitlab);
  CHECK(once.wait() == 1);
  CHECK(once.out().find("ERROR: Job failed: exit status 3") != std::string::npos);
  CHECK(gitlab.job("job").exit_code == 3);
  CHECK(gitlab.job("job").failure_reason == "script_failure");
}

TEST_CASE("run --once ends with 2 when the job could not be run for a fault of the system",
          "[system]") {
  world w;
  auto gitlab = serve(w, "job: {script: ['true']}\n");
  auto const config = w.configure({.url = gitlab.url(), .token = gitlab.runner_token()});
  // There is no bash where it looks.
  auto once = w.start({"run", "--config", config.string(), "--once"},
                      {.directory = {}, .environment = {{"PATH", w.path("home").string()}}});
  CHECK(once.wait() == 2);
  CHECK(once.out().find("ERROR: Job failed (system failure)") != std::string::npos);
  CHECK(gitlab.job("job").failure_reason == "runner_system_failure");
}

TEST_CASE("run --once ends with 2 and says so when the configuration names no runner", "[system]") {
  world w;
  write_file(w.path("empty.toml"), "concurrent = 1\n");
  auto once = w.start_run(w.path("empty.toml"), {"--once"});
  CHECK(once.wait() == 2);
  CHECK(once.err().find("no runner in '" + w.path("empty.toml").string() + "'") !=
        std::string::npos);
}

TEST_CASE("run --once takes one job and leaves the second to the next call", "[system]") {
  world w;
  auto gitlab = serve(w, R"yml(
stages: [first, second]
one: {stage: first, script: ['echo "this is $CI_JOB_NAME"']}
two: {stage: second, script: ['echo "this is $CI_JOB_NAME"']}
)yml",
                      {"--once"});
  auto first = run_once(w, gitlab);
  CHECK(first.wait() == 0);
  CHECK(first.out().find("this is one") != std::string::npos);
  CHECK(first.out().find("this is two") == std::string::npos);
  auto second = run_once(w, gitlab);
  CHECK(second.wait() == 0);
  CHECK(second.out().find("this is two") != std::string::npos);
  CHECK(gitlab.process.wait() == 0);
  CHECK(gitlab.process.out().find("pipeline passed in ") != std::string::npos);
}

TEST_CASE("an interrupt ends run --once with 130, the job is over and nothing of it is left",
          "[system]") {
  world w;
  auto gitlab = serve(w, R"yml(
job:
  script:
    - echo "it runs"
    - sleep $NAP
)yml",
                      {"--variable", "NAP=" + world::nap()});
  auto once = run_once(w, gitlab);
  once.wait_for_output("\nit runs\n");
  REQUIRE(w.loop.run_until([] { return !processes_with("sleep " + world::nap()).empty(); }));
  once.signal(SIGINT);
  CHECK(once.wait() == 130);
  CHECK(once.out().find("aborted: interrupt") != std::string::npos);
  CHECK(processes_with("sleep " + world::nap()).empty());
  CHECK(processes_with(w.path("builds").string()).empty());
  CHECK(gitlab.job("job").status == "failed");
  CHECK(gitlab.job("job").failure_reason == "runner_interrupted");
  CHECK(gitlab.job("job").trace_intact);
}

TEST_CASE("an interrupt while run --once waits for a job ends it with 130", "[system]") {
  world w;
  gitlab_program gitlab(w, {});
  auto const config = w.configure({.url = gitlab.url(), .token = gitlab.runner_token()});
  // The log says when the configuration was read; a signal that comes sooner must not be lost
  // either.
  auto once = w.start({"--log-level", "info", "run", "--config", config.string(), "--once"});
  once.wait_for_error("Configuration loaded");
  once.signal(SIGINT);
  CHECK(once.wait() == 130);
}

TEST_CASE(
    "a stage with nothing to do starts no shell, unless the user's profile has something to show",
    "[system]") {
  bool const talks = GENERATE(false, true);
  CAPTURE(talks);
  world w;
  write_file(w.path("home") / ".bash_profile",
             std::string("echo started >> \"$HOME/shells\"\n") + (talks ? "echo hello\n" : ""));
  gitlab_program gitlab(w, {"--repo", w.make_repository("repo", R"yml(
job:
  variables: {GIT_STRATEGY: none}
  script: [pwd]
)yml")
                                          .string()});
  auto once = w.start_run(w.configure({.url = gitlab.url(), .token = gitlab.runner_token()}),
                          {"--once"});
  REQUIRE(once.wait() == 0);
  CHECK(count_of("started\n", read_file(w.path("home") / "shells")) == (talks ? 4 : 2));
  CHECK(count_of("hello\n", once.out()) == (talks ? 4 : 0));
  CHECK(count_of("Skipping Git checkout", once.out()) == 1);
  CHECK(once.out().find("Cleaning up project directory and file based variables") !=
        std::string::npos);
}

}  // namespace corunner::test
