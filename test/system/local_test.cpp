// `corunner local`: what it runs and what it shows.

#include "test/system/support/files.hpp"
#include "test/system/support/local_world.hpp"
#include "test/system/support/proc.hpp"

#include <csignal>

namespace corunner::test {

namespace {

constexpr auto two_stages = R"yml(
stages: [build, test]
compile:
  stage: build
  script:
    - echo "from compile" > made.txt
  artifacts:
    paths: [made.txt]
check:
  stage: test
  script:
    - cat made.txt
other:
  stage: test
  script:
    - echo "of no concern"
)yml";

}  // namespace

TEST_CASE("local ends with 0 for a pipeline that passes and shows each line with its job",
          "[system][local]") {
  local_world w(two_stages);
  auto const result = w.local();
  INFO(result.out << result.err);
  CHECK(result.code == 0);
  CHECK(has(result.out, "check   | from compile\n"));
  CHECK(has(result.out, "other   | of no concern\n"));
  CHECK(has(result.out, "\npipeline passed in "));
  CHECK(result.err.empty());
  CHECK(names_in(w.temporary()).empty());
}

TEST_CASE("local ends with 1 when a job fails, and later stages are skipped", "[system][local]") {
  local_world w(R"yml(
stages: [build, test]
compile: {stage: build, script: ['exit 7']}
check: {stage: test, script: ['echo never']}
)yml");
  auto const result = w.local();
  INFO(result.out << result.err);
  CHECK(result.code == 1);
  CHECK(has(result.out, "failed: exit code 7"));
  CHECK(has(result.out, "skipped"));
  CHECK_FALSE(has(result.out, "| never"));
  CHECK(has(result.out, "\npipeline failed in "));
}

TEST_CASE("local --list names the jobs and runs none", "[system][local]") {
  local_world w(two_stages);
  auto const result = w.local({"--list"});
  CHECK(result.code == 0);
  CHECK(result.out ==
        "job      stage  when        needs\n"
        "compile  build  on_success\n"
        "check    test   on_success\n"
        "other    test   on_success\n");
}

TEST_CASE("local with a job's name runs it and what it needs and shows its plain log",
          "[system][local]") {
  local_world w(two_stages);
  auto const result = w.local({"check"});
  INFO(result.out << result.err);
  CHECK(result.code == 0);
  CHECK(result.out.starts_with("Running with corunner "));
  CHECK(has(result.out, "\n$ cat made.txt\nfrom compile\n"));
  CHECK_FALSE(has(result.out, " | "));
  CHECK_FALSE(has(result.out, "of no concern"));
  auto const times = result.out.find("\nWhere the time went:\n");
  REQUIRE(times != std::string::npos);
  auto const script = result.out.find("\n  script ", times);
  REQUIRE(script != std::string::npos);
  CHECK(result.out.find("Job succeeded", times) > script);
}

TEST_CASE("local runs uncommitted and untracked files, and with --committed HEAD alone",
          "[system][local]") {
  local_world w(R"yml(
job:
  script:
    - cat tracked.txt
    - if [ -e untracked.txt ]; then cat untracked.txt; else echo "untracked is not here"; fi
    - if [ -e ignored.txt ]; then echo "ignored is here"; fi
)yml");
  write_file(w.repo / "tracked.txt", "as committed\n");
  write_file(w.repo / ".gitignore", "ignored.txt\n");
  w.run("git", {"add", "."}, w.repo);
  w.run("git", {"commit", "--quiet", "-m", "second"}, w.repo);
  write_file(w.repo / "tracked.txt", "as changed\n");
  write_file(w.repo / "untracked.txt", "as new\n");
  write_file(w.repo / "ignored.txt", "secret\n");

  auto const changed = w.local({"job"});
  INFO(changed.out << changed.err);
  CHECK(changed.code == 0);
  CHECK(has(changed.out, "\nas changed\n"));
  CHECK(has(changed.out, "\nas new\n"));
  CHECK_FALSE(has(changed.out, "\nignored is here\n"));

  auto const committed = w.local({"--committed", "job"});
  CHECK(committed.code == 0);
  CHECK(has(committed.out, "\nas committed\n"));
  CHECK(has(committed.out, "\nuntracked is not here\n"));
}

TEST_CASE("local leaves the user's repository as it was, files, index, refs and objects",
          "[system][local]") {
  local_world w(R"yml(
job:
  script:
    - git checkout -b elsewhere
    - echo changed > .gitlab-ci.yml
    - git -c user.name=J -c user.email=j@example.com commit -qam "of the job"
    - git tag from-job
)yml");
  write_file(w.repo / "staged.txt", "staged\n");
  w.run("git", {"add", "staged.txt"}, w.repo);
  write_file(w.repo / "new.txt", "new\n");
  auto const status = w.run("git", {"status", "--porcelain"}, w.repo);
  auto const before = fingerprint(w.repo);
  auto const result = w.local();
  INFO(result.out << result.err);
  CHECK(result.code == 0);
  CHECK(fingerprint(w.repo) == before);
  CHECK(w.run("git", {"status", "--porcelain"}, w.repo) == status);
}

TEST_CASE("local copies the archives of artifacts to the directory of --artifacts-to",
          "[system][local]") {
  local_world w(two_stages);
  auto const result = w.local({"--artifacts-to", w.path("out").string()});
  CHECK(result.code == 0);
  CHECK(names_in(w.path("out")) == std::vector<std::string>{"compile.zip"});
  CHECK(w.run("unzip", {"-p", "compile.zip", "made.txt"}, w.path("out")) == "from compile\n");
}

TEST_CASE("an interrupt ends local with 130 and leaves no process and no file", "[system][local]") {
  local_world w(R"yml(
job:
  script:
    - echo "it runs"
    - sleep $NAP & setsid sleep $NAP &
    - sleep $NAP
)yml");
  auto local = w.start_local({"--variable", "NAP=" + world::nap()});
  local.wait_for_output("| it runs");
  local.signal(SIGINT);
  CHECK(local.wait() == 130);
  CHECK(processes_with("sleep " + world::nap()).empty());
  CHECK(processes_with(w.temporary().string()).empty());
  CHECK(names_in(w.temporary()).empty());
}

}  // namespace corunner::test
