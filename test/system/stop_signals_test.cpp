// How the service `run` ends.

#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/proc.hpp"

#include <catch2/generators/catch_generators.hpp>

#include <csignal>

namespace corunner::test {

namespace {

// A service with a job under way that goes on until the file `go` exists.
struct busy_service {
  busy_service(std::string const& more_global = "")
      : gitlab(w, {"--repo",
                   w.make_repository("repo", R"yml(
job:
  script:
    - echo "it runs"
    - while [ ! -e "$GO" ]; do sleep 0.1; done
    - echo "it was let go"
)yml").string(),
                   "--variable", "GO=" + w.path("go").string()}),
        service(w.start_run(w.configure({.url = gitlab.url(),
                                         .token = gitlab.runner_token(),
                                         .global = more_global}))) {
    gitlab.process.wait_for_output("| it runs");
  }

  world w;
  gitlab_program gitlab;
  child service;
};

}  // namespace

TEST_CASE("QUIT lets the job finish, then the service ends with 0", "[system]") {
  busy_service at;
  at.service.signal(SIGQUIT);
  at.service.wait_for_error("Starting graceful shutdown, waiting for builds to finish");
  CHECK_FALSE(at.service.ended());
  at.service.signal(SIGQUIT);  // said once already
  write_file(at.w.path("go"), "");
  CHECK(at.service.wait() == 0);
  CHECK(at.gitlab.job("job").status == "success");
  CHECK(at.gitlab.trace(at.gitlab.job("job").id).find("it was let go") != std::string::npos);
}

TEST_CASE("TERM and INT end the job as interrupted, deliver its log, then the service ends with 0",
          "[system]") {
  int const signal = GENERATE(SIGTERM, SIGINT);
  CAPTURE(signal);
  busy_service at;
  at.service.signal(signal);
  CHECK(at.service.wait() == 0);
  auto const job = at.gitlab.job("job");
  CHECK(job.status == "failed");
  CHECK(job.failure_reason == "runner_interrupted");
  CHECK(job.trace_intact);
  auto const text = std::string("aborted: ") + (signal == SIGTERM ? "terminated" : "interrupt");
  CHECK(at.gitlab.trace(job.id).find(text) != std::string::npos);
  CHECK(processes_with(at.w.path("builds").string()).empty());
}

TEST_CASE("TERM after QUIT ends the job that QUIT had waited for", "[system]") {
  busy_service at;
  at.service.signal(SIGQUIT);
  at.service.wait_for_error("Starting graceful shutdown");
  at.service.signal(SIGTERM);
  CHECK(at.service.wait() == 0);
  CHECK(at.gitlab.job("job").failure_reason == "runner_interrupted");
}

TEST_CASE("a second signal while jobs are being ended ends the service at once with 1",
          "[system]") {
  world w;
  gitlab_program gitlab(w, {"--repo", w.make_repository("repo", R"yml(
job:
  script:
    - trap '' TERM INT
    - echo "it runs"
    - while [ ! -e "$GO" ]; do sleep 0.1; done
)yml").string(), "--variable", "GO=" + w.path("go").string()});
  auto service = w.start_run(w.configure({.url = gitlab.url(), .token = gitlab.runner_token(),
                                          .global = "shutdown_timeout = 3600"}));
  gitlab.process.wait_for_output("| it runs");
  service.signal(SIGTERM);
  service.wait_for_error("Starting forceful shutdown");
  service.signal(SIGTERM);
  CHECK(service.wait() == 1);
  // The script outlives its killed runner by design of the signal: let it go.
  write_file(w.path("go"), "");
}

TEST_CASE("the service without jobs ends with 0 on each stop signal, also in the middle of a poll",
          "[system]") {
  int const signal = GENERATE(SIGTERM, SIGINT, SIGQUIT);
  CAPTURE(signal);
  world w;
  gitlab_program gitlab(w, {});
  auto service = w.start_run(w.configure({.url = gitlab.url(), .token = gitlab.runner_token()}));
  service.wait_for_error("Configuration loaded");
  service.signal(signal);
  CHECK(service.wait() == 0);
}

}  // namespace corunner::test
