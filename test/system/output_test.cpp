// Jobs that print a lot.

#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/proc.hpp"

#include <csignal>
#include <iostream>

namespace corunner::test {

namespace {

constexpr std::size_t memory_bound_kilobytes = 40 * 1024;
constexpr std::size_t default_limit = 4 * 1024 * 1024;

// Runs the one job of that pipeline by a service; its largest size in kilobytes.
std::size_t run_by_service(world& w, gitlab_program& gitlab, std::string const& entry = "") {
  auto service = w.start_run(
      w.configure({.url = gitlab.url(), .token = gitlab.runner_token(), .entry = entry}));
  gitlab.process.wait_for_output("\npipeline ");
  auto const peak = peak_memory_kilobytes(service.pid());
  service.signal(SIGQUIT);
  CHECK(service.wait() == 0);
  return peak;
}

void check_memory(std::size_t peak, std::string const& what) {
  std::cout << "peak memory of the runner, " << what << ": " << peak << " kB\n";
  CHECK(peak > 0);
  if (!sanitized()) CHECK(peak < memory_bound_kilobytes);
}

}  // namespace

TEST_CASE("a log of 100 MB ends at the limit with a notice, and the runner stays small",
          "[system][memory]") {
  world w;
  auto const repo = w.make_repository("repo", R"yml(
job:
  script:
    - head -c 100000000 /dev/zero | tr '\0' x | fold -w 99
    - echo "never seen"
    - touch "$DONE"
)yml");
  gitlab_program gitlab(w, {"--repo", repo.string(), "--variable",
                            "DONE=" + w.path("done").string()});
  auto const peak = run_by_service(w, gitlab);
  check_memory(peak, "100 MB printed, 4 MB kept");
  CHECK(std::filesystem::exists(w.path("done")));
  auto const job = gitlab.job("job");
  CHECK(job.status == "success");
  CHECK(job.trace_intact);
  auto const trace = gitlab.trace(job.id);
  CHECK(trace.size() == job.trace_size);
  CHECK(trace.size() < default_limit + 1024);
  CHECK(trace.find("Job's log exceeded limit of 4194304 bytes.\n") != std::string::npos);
  CHECK(trace.find("Job execution will continue but no more output will be collected.") !=
        std::string::npos);
  CHECK(trace.find("never seen") == std::string::npos);
}

TEST_CASE("a log of 90 MB arrives whole when the limit allows it, and the runner stays small",
          "[system][memory]") {
  std::size_t const megabytes = sanitized() ? 20 : 90;
  world w;
  // One line per 10 kB, so that line headers do not count.
  auto const repo = w.make_repository("repo", R"yml(
job:
  script:
    - head -c "$BYTES" /dev/zero | tr '\0' x | fold -w 10000
)yml");
  gitlab_program gitlab(w, {"--repo", repo.string(), "--variable",
                            fmt::format("BYTES={}", megabytes * 1000000)});
  auto const peak = run_by_service(w, gitlab, "  output_limit = 200000\n");
  check_memory(peak, fmt::format("{} MB delivered", megabytes));
  auto const job = gitlab.job("job");
  CHECK(job.status == "success");
  CHECK(job.trace_intact);
  CHECK(count_of("x", gitlab.trace(job.id)) >= megabytes * 1000000);
}

}  // namespace corunner::test
