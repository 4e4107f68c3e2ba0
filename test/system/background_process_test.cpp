// What a script leaves running.

#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/proc.hpp"

#include <chrono>

namespace corunner::test {

TEST_CASE("a background process that holds the output delays the end only a little and is ended",
          "[system]") {
  world w;
  auto const repo = w.make_repository("repo", R"yml(
job:
  script:
    - sleep $NAP &
    - setsid sleep $NAP &
    - (setsid sh -c 'trap "" TERM; sleep $NAP; sleep $NAP' &)
    - echo "the script is over"
)yml");
  gitlab_program gitlab(w, {"--repo", repo.string(), "--variable", "NAP=" + world::nap()});
  auto once = w.start_run(w.configure({.url = gitlab.url(), .token = gitlab.runner_token()}),
                          {"--once"});
  once.wait_for_output("\nthe script is over\n");
  auto const over = std::chrono::steady_clock::now();
  REQUIRE(once.wait() == 0);
  // The drain takes 3 s, the end of what ignores TERM a few more; the sleepers would take a day.
  CHECK(std::chrono::steady_clock::now() - over < std::chrono::seconds(60));
  CHECK(processes_with("sleep " + world::nap()).empty());
  CHECK(processes_with(w.path("builds").string()).empty());
  CHECK(gitlab.job("job").trace_intact);
}

TEST_CASE(
    "a background process that let go of the output serves the after_script and ends with the "
    "job",
    "[system]") {
  world w;
  auto const repo = w.make_repository("repo", R"yml(
job:
  script:
    - setsid sleep $NAP > background.log 2>&1 < /dev/null &
    - echo $! > pid
    - echo "the script is over"
  after_script:
    - if kill -0 "$(cat pid)"; then echo "it is still there"; fi
)yml");
  gitlab_program gitlab(w, {"--repo", repo.string(), "--variable", "NAP=" + world::nap()});
  auto once = w.start_run(w.configure({.url = gitlab.url(), .token = gitlab.runner_token()}),
                          {"--once"});
  CHECK(once.wait() == 0);
  CHECK(once.out().find("\nit is still there\n") != std::string::npos);
  CHECK(processes_with("sleep " + world::nap()).empty());
}

}  // namespace corunner::test
