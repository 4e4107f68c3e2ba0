// A service under a pipeline of many small jobs.

#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/proc.hpp"

#include <algorithm>
#include <set>

namespace corunner::test {

namespace {

constexpr int concurrent = 8;

// Pipeline 1 has the job `warm`; with LOAD set there are `pairs` jobs that make an artifact and as
// many in a second stage that need it.
std::string pipeline_of_pairs(int pairs) {
  std::string text = "stages: [make, use]\nwarm:\n  stage: make\n  script: ['true']\n";
  for (int i = 0; i < pairs; ++i) {
    text += fmt::format(
        "make-{0}:\n  stage: make\n  rules: [{{if: $LOAD}}]\n"
        "  script: ['for line in 1 2 3 4 5; do echo \"{0} $line\"; done | tee made-{0}.txt']\n"
        "  artifacts: {{paths: [made-{0}.txt]}}\n"
        "use-{0}:\n  stage: use\n  rules: [{{if: $LOAD}}]\n  dependencies: [make-{0}]\n"
        "  script: ['test \"$(tail -n 1 made-{0}.txt)\" = \"{0} 5\"', 'ls made-*.txt']\n",
        i);
  }
  return text;
}

void wait_for_pipeline(world& in, gitlab_program& gitlab, int id) {
  std::string status;
  constexpr std::chrono::minutes limit{40};
  REQUIRE(in.loop.run_until(
      [&] {
        auto const pipeline = gitlab.get(fmt::format("/projects/1/pipelines/{}", id));
        status = pipeline.at("status").as_string();
        return status == "success" || status == "failed";
      },
      limit));
  CHECK(status == "success");
}

std::multiset<std::string> files_without_sockets(int pid) {
  auto files = open_files(pid);
  files.erase("socket");
  return files;
}

// Jobs are kept in the journal until GitLab knows their end.
bool has_job_files(int pid) {
  return std::ranges::any_of(open_files(pid), [](std::string const& file) {
    return file.find("/journal/") != std::string::npos && !file.ends_with(".lock");
  });
}

}  // namespace

TEST_CASE("hundreds of jobs with artifacts arrive whole, and the runner is as before them",
          "[system][many]") {
  int const pairs = sanitized() ? 20 : 100;
  world w;
  auto const repo = w.make_repository("repo", pipeline_of_pairs(pairs));
  gitlab_program gitlab(w, {"--repo", repo.string()});
  auto service = w.start_run(w.configure({.url = gitlab.url(),
                                          .token = gitlab.runner_token(),
                                          .concurrent = concurrent,
                                          .entry = "  request_concurrency = 4\n"}));
  auto const idle = [&] { return children_of(service.pid()).empty(); };
  gitlab.process.wait_for_output("\npipeline passed");
  REQUIRE(w.loop.run_until(idle));
  // A job's last files are closed after GitLab was told its end.
  REQUIRE(w.loop.run_until([&] { return !has_job_files(service.pid()); }));
  auto const before = files_without_sockets(service.pid());

  gitlab.ask("POST", "/projects/1/pipeline",
             R"({"ref":"main","variables":[{"key":"LOAD","value":"1"}]})");
  wait_for_pipeline(w, gitlab, 2);
  CHECK(w.loop.run_until(idle));
  CHECK(w.loop.run_until([&] { return !has_job_files(service.pid()); }));
  CHECK(files_without_sockets(service.pid()) == before);
  // One poll per request_concurrency at most, and the idle connections that the pool keeps.
  CHECK(open_files(service.pid()).count("socket") <= 8);

  auto const jobs = gitlab.jobs(2);
  CHECK(jobs.size() == static_cast<std::size_t>(2 * pairs) + 1);
  for (auto const& job : jobs) {
    CAPTURE(job.name);
    CHECK(job.status == "success");
    CHECK(job.trace_intact);
    CHECK(job.has_archive == job.name.starts_with("make-"));
  }
  // Directories are used again: no more than there were jobs at once.
  auto const runners = names_in(w.path("builds"));
  REQUIRE(runners.size() == 1);
  CHECK(names_in(w.path("builds") / runners[0]).size() <= concurrent);
  CHECK(processes_with(w.path("builds").string()).empty());

  service.signal(SIGQUIT);
  CHECK(service.wait() == 0);
  CHECK(gitlab.stop() == 0);
  CHECK(names_in(w.temporary()).empty());
  CHECK(names_in(w.path("state-of-run") / "journal").empty());
}

TEST_CASE(
    "a coordinator with --once ends with the result of its pipeline, and keeps it for the next "
    "one with the same state",
    "[system]") {
  world w;
  auto const repo = w.make_repository("repo", R"yml(
good: {script: ['true']}
bad: {script: ['false'], allow_failure: false}
)yml");
  std::string token;
  {
    gitlab_program first(w, {"--repo", repo.string(), "--once", "--state-dir",
                             w.path("state").string()});
    token = first.administrator_token();
    auto service = w.start_run(w.configure({.url = first.url(), .token = first.runner_token()}));
    CHECK(first.process.wait() == 1);
  }
  gitlab_program second(w, {"--state-dir", w.path("state").string()});
  second.use_administrator_token(token);
  CHECK(second.job("good").status == "success");
  CHECK(second.job("good").trace_intact);
  CHECK(second.job("bad").status == "failed");
  CHECK(second.trace(second.job("bad").id).find("exit status 1") != std::string::npos);
}

}  // namespace corunner::test
